using System.Globalization;
using StreamFlow.Sql.Execution;
using StreamFlow.Sql.Values;

namespace StreamFlow.Cli.Sql;

/// <summary>Executes scripts and prints each statement's result.</summary>
internal sealed class SqlConsole(SqlEngine engine, SqlSession session, SqlOutput output)
{
    public SqlEngine Engine => engine;

    public SqlSession Session => session;

    public SqlOutput Output => output;

    /// <summary>Whether the time of each statement is told (<c>\timing</c>).</summary>
    public bool IsTiming { get; set; }

    public async Task RunAsync(string script, CancellationToken cancellation)
    {
        var begin = TimeProvider.System.GetTimestamp();
        await foreach (var result in engine.ExecuteAsync(script, session, cancellation))
        {
            await PrintAsync(result, cancellation);
            if (IsTiming)
            {
                var elapsed = TimeProvider.System.GetElapsedTime(begin).TotalMilliseconds;
                await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Time: {elapsed:0.000} ms"));
                begin = TimeProvider.System.GetTimestamp();
            }
        }
    }

    private async Task PrintAsync(SqlResult result, CancellationToken cancellation)
    {
        switch (result)
        {
            case SqlDone done:
                await Console.Error.WriteLineAsync(done.Message);
                break;
            case SqlListing listing:
                output.Listing(listing.Columns, listing.Rows);
                break;
            case SqlReport report:
                output.Report(report.Text);
                break;
            case SqlRows rows:
                await PrintRowsAsync(rows, cancellation);
                break;
            case SqlPrint print:
                await PrintRecordsAsync(print, cancellation);
                break;
        }
    }

    private async Task PrintRowsAsync(SqlRows rows, CancellationToken cancellation)
    {
        var columns = rows.Columns.Select(c => c.Name).ToList();
        if (rows.IsFinished && output.IsAligned)
        {
            var all = await rows.Rows.ToListAsync(cancellation);
            output.Listing(columns, [.. all.Select(row => row.Values.Select(SqlText.OfNullable).ToList())]);
            return;
        }

        output.Titles(columns);
        long count = 0;
        await foreach (var row in rows.Rows.WithCancellation(cancellation))
        {
            output.Row(columns, row.Values, ++count, row.IsTombstone);
        }
    }

    private async Task PrintRecordsAsync(SqlPrint print, CancellationToken cancellation)
    {
        var (keys, values) = ("", "");
        await foreach (var record in print.Records.WithCancellation(cancellation))
        {
            if (record.KeyFormat != keys)
            {
                output.Line($"Key format: {keys = record.KeyFormat}");
            }

            if (record.ValueFormat != values)
            {
                output.Line($"Value format: {values = record.ValueFormat}");
            }

            output.Record(record);
        }
    }
}
