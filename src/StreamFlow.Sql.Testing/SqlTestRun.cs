using System.Text.RegularExpressions;
using StreamFlow.Core.Errors;
using StreamFlow.Sql.Testing.Cases;
using StreamFlow.Sql.Testing.Running;

namespace StreamFlow.Sql.Testing;

/// <summary>Runs SQL conformance cases through the engine and prints what failed; what <c>streamflow test</c> does.</summary>
public static class SqlTestRun
{
    private static readonly TimeSpan FilterTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Runs the cases of files and folders, as many at once as there are cores.</summary>
    /// <param name="options">Which cases.</param>
    /// <param name="output">Where the lines go: one a failure, last the totals.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>Whether no case failed.</returns>
    /// <exception cref="ConfigurationException">A path or the filter is wrong.</exception>
    public static async Task<bool> RunAsync(SqlTestOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        var cases = Select(options);
        if (options.ListOnly)
        {
            foreach (var test in cases)
            {
                await output.WriteLineAsync(test.Id).ConfigureAwait(false);
            }

            return true;
        }

        var results = await RunAsync(cases, cancellationToken).ConfigureAwait(false);
        return await ReportAsync(cases, results, output).ConfigureAwait(false);
    }

    /// <summary>Runs the cases of files and folders, as many at once as there are cores.</summary>
    /// <param name="options">Which cases.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>How each case went, in the order of the files.</returns>
    /// <exception cref="ConfigurationException">A path or the filter is wrong.</exception>
    public static async Task<IReadOnlyList<SqlTestResult>> ResultsAsync(SqlTestOptions options, CancellationToken cancellationToken)
    {
        var cases = Select(options);
        var results = await RunAsync(cases, cancellationToken).ConfigureAwait(false);
        return [.. cases.Zip(results, (c, r) => new SqlTestResult(c.Id, c.Suite, c.IsNegative, r.Outcome, r.Reason))];
    }

    private static async Task<CaseResult[]> RunAsync(List<SqlCase> cases, CancellationToken cancellationToken)
    {
        var results = new CaseResult[cases.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, cases.Count, parallel, async (i, token) =>
            results[i] = await CaseRunner.RunAsync(cases[i], token).ConfigureAwait(false)).ConfigureAwait(false);
        return results;
    }

    private static List<SqlCase> Select(SqlTestOptions options)
    {
        var cases = CaseLoader.Load(options.Paths);
        if (options.Filter is null)
        {
            return cases;
        }

        try
        {
            var filter = new Regex(options.Filter, RegexOptions.CultureInvariant, FilterTimeout);
            return cases.FindAll(c => filter.IsMatch(c.Id));
        }
        catch (ArgumentException e)
        {
            throw new ConfigurationException($"The filter is no regular expression: {e.Message}");
        }
    }

    private static async Task<bool> ReportAsync(List<SqlCase> cases, CaseResult[] results, TextWriter output)
    {
        int Count(SqlTestOutcome outcome, bool? negative = null) =>
            Enumerable.Range(0, cases.Count).Count(i =>
                results[i].Outcome == outcome && (negative is null || cases[i].IsNegative == negative));

        for (var i = 0; i < cases.Count; i++)
        {
            if (results[i].Outcome == SqlTestOutcome.Failed)
            {
                await output.WriteLineAsync($"FAILED {cases[i].Id}: {results[i].Reason}").ConfigureAwait(false);
            }
        }

        foreach (var skipped in results.Where(r => r.Outcome == SqlTestOutcome.Skipped).GroupBy(r => r.Reason, StringComparer.Ordinal))
        {
            await output.WriteLineAsync($"skipped {skipped.Count()}: {skipped.Key}").ConfigureAwait(false);
        }

        await output.WriteLineAsync(
            $"positive: {Count(SqlTestOutcome.Passed, false)} passed, {Count(SqlTestOutcome.Failed, false)} failed; "
            + $"negative: {Count(SqlTestOutcome.Passed, true)} passed, {Count(SqlTestOutcome.Failed, true)} failed").ConfigureAwait(false);
        var skips = Count(SqlTestOutcome.Skipped);
        var skipText = skips > 0 ? $", {skips} skipped" : string.Empty;
        await output.WriteLineAsync(
            $"{Count(SqlTestOutcome.Passed)} passed, {Count(SqlTestOutcome.Failed)} failed{skipText}").ConfigureAwait(false);
        return Count(SqlTestOutcome.Failed) == 0;
    }
}

/// <summary>Which cases to run.</summary>
/// <param name="Paths">Files and folders.</param>
public sealed record SqlTestOptions(IReadOnlyList<string> Paths)
{
    /// <summary>A regular expression over case ids; null for all.</summary>
    public string? Filter { get; init; }

    /// <summary>Prints the ids and runs nothing.</summary>
    public bool ListOnly { get; init; }
}
