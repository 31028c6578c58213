using System.CommandLine;
using StreamFlow.Cli.Bench.Streams.Topologies;
using StreamFlow.Cli.Shell;

namespace StreamFlow.Cli.Bench.Streams;

/// <summary>Options of <c>bench streams</c>, with the names and defaults of the peer's program.</summary>
internal static class StreamsBenchOptions
{
    private const long KafkaStreamsCache = 10 << 20;

    public static Option<string?> Bootstrap { get; } = new("--bootstrap")
    {
        Description = "The cluster: HOST:PORT, embedded:DIR or memory:. [default: --cluster]", HelpName = "CLUSTER",
    };

    public static Option<string> Topic { get; } = new("--topic") { Description = "The topic.", Required = true };

    public static Option<string> Topology { get; } = new("--topology")
    {
        Description = $"One of {string.Join(", ", BenchTopologies.Names)}.", HelpName = "NAME", Required = true,
    };

    public static Option<string> Input { get; } = new("--input")
    {
        Description = "The topic to read.", HelpName = "TOPIC", Required = true,
    };

    public static Option<string?> Input2 { get; } = new("--input2") { Description = "The second topic of a join.", HelpName = "TOPIC" };

    public static Option<string> OutputTopic { get; } = new("--output")
    {
        Description = "The topic to write; made when it does not exist.", HelpName = "TOPIC", Required = true,
    };

    public static Option<string> State { get; } = new("--state")
    {
        Description = "The state directory.", HelpName = "DIR", Required = true,
    };

    public static Option<string?> ApplicationId { get; } = new("--application-id")
    {
        Description = "The application id. [default: TOPOLOGY-OUTPUT]", HelpName = "ID",
    };

    public static Option<int> Threads { get; } = new("--threads")
    {
        Description = "Loops that share the tasks.", DefaultValueFactory = _ => 2,
    };

    public static Option<long> Cache { get; } = new("--cache")
    {
        Description = "Bytes of row cache for all threads; 0 sends every update downstream.", DefaultValueFactory = _ => KafkaStreamsCache,
    };

    public static Option<int> CommitMs { get; } = new("--commit-ms")
    {
        Description = "Time between commits in ms.", DefaultValueFactory = _ => 100,
    };

    public static Option<bool> Eos { get; } = new("--eos") { Description = "Exactly once." };

    public static string ClusterOf(ParseResult parsed) => parsed.GetValue(Bootstrap) ?? GlobalOptions.ClusterOf(parsed);
}
