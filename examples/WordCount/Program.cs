// Counts the words of Moby-Dick. Usage: WordCount [CLUSTER], where CLUSTER is memory:, embedded:DIR or host:port.
using StreamFlow.Client.Producing;
using StreamFlow.Core.Serialization;
using StreamFlow.Embedded;
using StreamFlow.Examples;
using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;
using StreamFlow.Streams.Topologies;

await using var cluster = await Cluster.OpenAsync(args.Length > 0 ? args[0] : "memory:");
if (await cluster.CreateTopicsAsync(WordCount.Lines, WordCount.Counts))
{
    await using var producer = cluster.CreateProducer(ProducerOptions.Default);
    var lines = await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "moby-dick.txt"));
    await Task.WhenAll(lines.Select(line => producer.SendAsync(WordCount.Lines, null, line, Serdes.String, Serdes.String).AsTask()));
}

// Tables live on local disk; whatever is missing there is restored from the cluster, so a directory for one run will do.
var state = Directory.CreateTempSubdirectory("word-count-");
var topology = WordCount.Build();
var options = new StreamsOptions { ApplicationId = "word-count", StateDirectory = state.FullName };
await using (var application = new StreamsApplication(topology, options, cluster))
{
    await application.StartAsync();
    await application.WaitUntilRunningAsync();
    await application.WaitUntilCaughtUpAsync();

    // Every task of the application answers with its part of the table.
    var parts = await application.QueryAsync<IReadOnlyKeyValueStore<string, long>, (string Word, long Count)[]>(
        WordCount.Store, table => [.. table.All().Select(row => (row.Key, row.Value))]);
    var counts = parts.SelectMany(part => part).OrderByDescending(c => c.Count).ThenBy(c => c.Word, StringComparer.Ordinal).ToList();
    Console.WriteLine($"{counts.Sum(c => c.Count)} words, {counts.Count} different ones; the most frequent:");
    foreach (var (word, count) in counts.Take(10))
    {
        Console.WriteLine($"{count,8} {word}");
    }
}

state.Delete(recursive: true);

/// <summary>From lines to words, from words to a table of counts, and from the table to a topic.</summary>
public static class WordCount
{
    public const string Lines = "word-count-lines";
    public const string Counts = "word-count-counts";
    public const string Store = "counts";

    public static Topology Build()
    {
        var builder = new StreamsBuilder();
        builder.Stream<string, string>(Lines)
            .FlatMapValues(Words)
            .GroupBy((_, word) => word)
            .Count(new Materialized<string, long> { StoreName = Store, CoalesceUpdates = true })
            .ToStream()
            .To(Counts);
        return builder.Build();
    }

    private static IEnumerable<string> Words(string line) =>
        new string([.. line.Select(c => char.IsLetter(c) ? char.ToLowerInvariant(c) : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
