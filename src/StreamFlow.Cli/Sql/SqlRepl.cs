using System.Text;
using StreamFlow.Cli.Shell;
using StreamFlow.Cli.Sql.Editing;
using StreamFlow.Core.Errors;
using StreamFlow.Sql.Diagnostics;

namespace StreamFlow.Cli.Sql;

/// <summary>
/// Reads statements, runs them, goes on after errors. On a terminal with an editor, history and completion; else line by line, without a
/// prompt. Ctrl-C stops a running query, not the REPL; the end of input, <c>\q</c> or <c>exit</c> ends it.
/// </summary>
internal sealed class SqlRepl(SqlConsole console)
{
    private readonly ReplCommands _commands = new(console);

    public async Task RunAsync(CancellationToken cancellation)
    {
        Func<string?> read = Console.IsInputRedirected || Console.IsOutputRedirected ? ReadLines : Editor();
        while (!cancellation.IsCancellationRequested && read() is { } text && !ReplCommands.IsEnd(text))
        {
            if (text.Trim().Length > 0)
            {
                await RunOneAsync(text, cancellation);
            }
        }
    }

    private Func<string?> Editor()
    {
        Console.Error.WriteLine("StreamFlow SQL. \\? lists commands, \\q leaves.");
        var editor = new LineEditor(
            new SystemTerminal(),
            new History(History.DefaultPath()),
            new SqlCompletion(console.Engine).Complete,
            text => text.Trim().Length == 0 || ReplCommands.IsCommand(text) || StatementScanner.IsComplete(text));
        return () =>
        {
            Console.TreatControlCAsInput = true;
            try
            {
                return editor.Read();
            }
            finally
            {
                Console.TreatControlCAsInput = false;
            }
        };
    }

    // What is left at the end of input is run as it is: it is an error, and the user should see which.
    private static string? ReadLines()
    {
        var text = new StringBuilder();
        while (Console.In.ReadLine() is { } line)
        {
            if (text.Length == 0 && ReplCommands.IsCommand(line))
            {
                return line;
            }

            text.AppendLine(line);
            if (StatementScanner.IsComplete(text.ToString()))
            {
                return text.ToString();
            }
        }

        return text.ToString().Trim().Length == 0 ? null : text.ToString();
    }

    private async Task RunOneAsync(string text, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var interrupts = Interrupts.Redirect(stop.Cancel);
        var script = text;
        try
        {
            script = ReplCommands.IsCommand(text) ? await _commands.RunAsync(text) : text;
            if (script is not null)
            {
                await console.RunAsync(script, stop.Token);
            }
        }
        catch (SqlException e)
        {
            await Console.Error.WriteLineAsync(SqlErrorText.Describe(e, script!));
        }
        catch (Exception e) when (e is StreamFlowException or UsageException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(e.Message);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("stopped");
        }
    }
}
