using System.CommandLine;
using System.Globalization;
using StreamFlow.Cli.Shell;
using StreamFlow.Sql.Execution;

namespace StreamFlow.Cli.Sql;

/// <summary>Executes scripts and prints each statement's result; rows are printed as they arrive.</summary>
internal sealed class SqlConsole(SqlEngine engine, SqlSession session, ParseResult parsed)
{
    public async Task RunAsync(string script, CancellationToken cancellation)
    {
        await foreach (var result in engine.ExecuteAsync(script, session, cancellation))
        {
            switch (result)
            {
                case SqlDone done:
                    await Console.Error.WriteLineAsync(done.Message);
                    break;
                case SqlListing listing:
                    RowOutput.Write(parsed, listing.Columns, listing.Rows.Select(r => r.ToArray<object?>()));
                    break;
                case SqlReport report:
                    await Console.Out.WriteLineAsync(report.Text);
                    break;
                case SqlRows rows:
                    await PrintRowsAsync(rows, cancellation);
                    break;
            }
        }
    }

    private async Task PrintRowsAsync(SqlRows rows, CancellationToken cancellation)
    {
        var columns = rows.Columns.Select(c => c.Name).ToList();
        var isJson = parsed.GetValue(GlobalOptions.Output) == OutputFormat.Json;
        if (!isJson && !Console.IsOutputRedirected)
        {
            await Console.Out.WriteLineAsync(string.Join(" | ", columns));
        }

        try
        {
            await foreach (var row in rows.Rows.WithCancellation(cancellation))
            {
                var cells = row.Values.Select(Text).ToArray();
                if (isJson)
                {
                    RowOutput.Write(parsed, columns, [cells]);
                }
                else
                {
                    await Console.Out.WriteLineAsync(string.Join(Console.IsOutputRedirected ? "\t" : " | ", cells));
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("query stopped");
        }
    }

    private static object? Text(object? value) => value switch
    {
        null => "null",
        byte[] bytes => Convert.ToBase64String(bytes),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };
}
