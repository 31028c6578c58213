using System.Text.Json;
using StreamFlow.Sql.Testing;

namespace StreamFlow.Conformance.Sql;

/// <summary>The SQL vectors (<c>sql/FORMAT.md</c>), through the same engine as <c>streamflow test</c>.</summary>
internal sealed class SqlFormat : IVectorFormat
{
    public string Name => "sql";

    public bool Recognizes(string file, JsonElement content) =>
        content.ValueKind == JsonValueKind.Object
        && content.TryGetProperty("cases", out var cases) && cases.ValueKind == JsonValueKind.Array
        && cases.EnumerateArray().All(c => c.TryGetProperty("statements", out _));

    public async Task RunAsync(IReadOnlyList<string> files, Tally tally)
    {
        foreach (var result in await SqlTestRun.ResultsAsync(new SqlTestOptions(files), CancellationToken.None))
        {
            var group = $"{Name} {result.Suite} {(result.IsNegative ? "negative" : "positive")}";
            if (result.Outcome == SqlTestOutcome.Skipped)
            {
                tally.Skip(group, result.Reason);
            }
            else
            {
                tally.Add(group, result.Id, result.Outcome == SqlTestOutcome.Passed ? null : result.Reason);
            }
        }
    }
}
