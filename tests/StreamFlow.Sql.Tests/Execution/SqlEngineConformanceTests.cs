using System.Text;
using System.Text.Json;
using StreamFlow.Sql.Execution;
using StreamFlow.Sql.Formats;
using StreamFlow.Sql.Tests.Parsing;

namespace StreamFlow.Sql.Tests.Execution;

public class SqlEngineConformanceTests
{
    [Fact]
    public async Task Statements_of_positive_cases_are_accepted()
    {
        if (ConformanceStatements.Folder is null)
        {
            return;
        }

        var (total, report) = (0, new StringBuilder());
        var reasons = new Dictionary<string, int>();
        foreach (var file in Directory.EnumerateFiles(ConformanceStatements.Folder, "qtt-*.json").Order(StringComparer.Ordinal))
        {
            using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(file));
            foreach (var test in document.RootElement.GetProperty("cases").EnumerateArray())
            {
                var formats = test.GetProperty("formats").EnumerateArray().Select(f => f.GetString()).ToList();
                if (test.GetProperty("polarity").GetString() != "positive" || formats.Exists(f => f is "AVRO" or "PROTOBUF" or "JSON_SR" or "PROTOBUF_NOSR"))
                {
                    continue;
                }

                total++;
                var script = string.Join("\n", test.GetProperty("statements").EnumerateArray().Select(s => s.GetString()));
                if (await RunAsync(test, script) is { } error)
                {
                    var reason = error.Length > 150 ? error[..150] : error;
                    reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
                    report.AppendLine(test.GetProperty("id").GetString()).AppendLine(script).AppendLine("   " + error);
                }
            }
        }

        await File.WriteAllTextAsync("/tmp/sqlw/accept.txt", string.Join("\n", reasons.OrderByDescending(r => r.Value).Select(r => $"{r.Value} {r.Key}")) + "\n\n" + report);
        Assert.True(reasons.Count == 0, $"{reasons.Values.Sum()} of {total} failed");
    }

    private static async Task<string?> RunAsync(JsonElement test, string script)
    {
        var session = new SqlSession();
        foreach (var property in test.GetProperty("properties").EnumerateObject())
        {
            session.Properties[property.Name] = property.Value.ToString();
        }

        await using var engine = new SqlEngine(new NothingRunsRuntime(), new SqlEngineOptions { Registry = new InMemorySchemaRegistry() });
        try
        {
            await foreach (var result in engine.ExecuteAsync(script, session))
            {
                _ = result;
            }

            return null;
        }
        catch (Exception e)
        {
            return e is StreamFlow.Sql.Diagnostics.SqlException ? e.Message : e.ToString().Split('\n')[0] + e.StackTrace?.Split('\n')[0];
        }
    }
}
