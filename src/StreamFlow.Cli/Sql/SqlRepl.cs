using System.Text;
using StreamFlow.Core.Errors;

namespace StreamFlow.Cli.Sql;

/// <summary>
/// Reads statements until a line ends with a semicolon, runs them, goes on after errors. Ctrl-C stops a running query, not the REPL;
/// the end of input, <c>\q</c> or <c>exit</c> ends it.
/// </summary>
internal sealed class SqlRepl(SqlConsole console)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        var interactive = !Console.IsInputRedirected;
        var statement = new StringBuilder();
        while (!cancellation.IsCancellationRequested)
        {
            if (interactive)
            {
                await Console.Out.WriteAsync(statement.Length == 0 ? "sql> " : "  -> ");
            }

            if (await Console.In.ReadLineAsync(CancellationToken.None) is not { } line || line.Trim() is "\\q" or "exit" or "quit")
            {
                return;
            }

            if (line.Trim() == "\\?")
            {
                await Console.Out.WriteLineAsync(
                    "End a statement with ';'. \\d lists streams and tables, \\q leaves, Ctrl-C stops a query.");
                continue;
            }

            statement.AppendLine(line.Trim() == "\\d" ? "SHOW STREAMS; SHOW TABLES;" : line);
            if (statement.ToString().TrimEnd().EndsWith(';'))
            {
                await RunOneAsync(statement.ToString());
                statement.Clear();
            }
        }
    }

    private async Task RunOneAsync(string script)
    {
        using var stop = new CancellationTokenSource();
        ConsoleCancelEventHandler onInterrupt = (_, e) =>
        {
            e.Cancel = true;
            stop.Cancel();
        };
        Console.CancelKeyPress += onInterrupt;
        try
        {
            await console.RunAsync(script, stop.Token);
        }
        catch (StreamFlowException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("stopped");
        }
        finally
        {
            Console.CancelKeyPress -= onInterrupt;
        }
    }
}
