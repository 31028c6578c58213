using System.IO.Compression;
using System.Text;
using System.Text.Json;
using StreamFlow.Cli.Bench.Nexmark;

namespace StreamFlow.Conformance.Nexmark;

/// <summary>Answers of the auction queries (<c>nexmark/FORMAT.md</c>): events are generated, the query runs through the SQL engine.</summary>
/// <param name="maxEvents">Longer cases are left out.</param>
internal sealed class NexmarkFormat(long maxEvents) : IVectorFormat
{
    private static readonly Dictionary<string, long> Rates = new(StringComparer.Ordinal)
    {
        ["dense"] = 10_000_000,
        ["paced"] = 100_000,
        ["slow"] = 1_000,
        ["sparse"] = 10,
    };

    public string Name => "nexmark";

    public bool Recognizes(string file, JsonElement content) =>
        content.ValueKind == JsonValueKind.Object && content.TryGetProperty("query", out _) && content.TryGetProperty("sha256", out _)
        && content.TryGetProperty("profile", out _);

    public async Task RunAsync(IReadOnlyList<string> files, Tally tally)
    {
        foreach (var file in files)
        {
            foreach (var line in await File.ReadAllLinesAsync(file))
            {
                if (line.Length > 0)
                {
                    using var answer = JsonDocument.Parse(line);
                    await RunAsync(Path.GetDirectoryName(file)!, answer.RootElement, tally);
                }
            }
        }
    }

    private async Task RunAsync(string directory, JsonElement json, Tally tally)
    {
        var (query, profile) = (json.GetProperty("query").GetString()!, json.GetProperty("profile").GetString()!);
        var (seed, events) = (json.GetProperty("seed").GetInt64(), json.GetProperty("events").GetInt64());
        var group = $"{Name} {profile} {events}";
        if (events > maxEvents)
        {
            tally.Skip(group, $"more than {maxEvents} events run only when their file is named");
            return;
        }

        tally.Add(group, $"{query} {profile} {events} seed {seed}", await FailureAsync(query, seed, Rates[profile], events, directory, json));
    }

    private static async Task<string?> FailureAsync(
        string query, long seed, long rate, long events, string directory, JsonElement json)
    {
        try
        {
            await using var run = await NexmarkRun.ExecuteAsync(query, new NexmarkInput(events, seed, rate, 1), 1, CancellationToken.None);
            var answer = await run.AnswerAsync(CancellationToken.None);
            return answer.Sha256() == json.GetProperty("sha256").GetString()
                ? null
                : $"expected {json.GetProperty("rows")} rows, was {answer.Rows}{FirstDifference(answer, directory, json)}";
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return e.OnOneLine();
        }
    }

    private static string FirstDifference(NexmarkAnswer answer, string directory, JsonElement json)
    {
        if (!json.TryGetProperty("file", out var file))
        {
            return ", another hash";
        }

        using Stream raw = File.OpenRead(Path.Combine(directory, file.GetString()!));
        using var reader = new StreamReader(file.GetString()!.EndsWith(".gz", StringComparison.Ordinal)
            ? new GZipStream(raw, CompressionMode.Decompress)
            : raw);
        var actual = answer.Lines.Select(Encoding.UTF8.GetString).Append("nothing");
        foreach (var line in actual)
        {
            var expected = reader.ReadLine() ?? "nothing";
            if (expected != line)
            {
                return $"; first difference: expected '{expected}', was '{line}'";
            }
        }

        return string.Empty;
    }
}
