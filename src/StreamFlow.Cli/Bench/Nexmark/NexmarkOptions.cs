using System.CommandLine;
using StreamFlow.Cli.Shell;

namespace StreamFlow.Cli.Bench.Nexmark;

/// <summary>Options that commands of <c>bench nexmark</c> share.</summary>
internal static class NexmarkOptions
{
    public static Option<string> Query { get; } = new("--query")
    {
        Description = $"One of {string.Join(", ", NexmarkQueries.Names)}.", HelpName = "qN", Required = true,
    };

    public static Option<long> Events { get; } = new("--events")
    {
        Description = "Events 0 … N-1 are the input.",
        DefaultValueFactory = _ => 20_000,
    };

    public static Option<long> Seed { get; } = new("--seed") { Description = "Seed of all draws.", DefaultValueFactory = _ => 1 };

    public static Option<long> Rate { get; } = new("--rate")
    {
        Description = "Events per second of event time.",
        DefaultValueFactory = _ => 100_000,
    };

    public static Option<int> Threads { get; } = new("--threads")
    {
        Description = "Loops of each query, and partitions of each topic.", DefaultValueFactory = _ => 1,
    };

    public static NexmarkInput InputOf(ParseResult parsed)
    {
        var (events, rate, threads) = (parsed.GetValue(Events), parsed.GetValue(Rate), parsed.GetValue(Threads));
        return events < 0 || rate <= 0 || threads <= 0
            ? throw new UsageException("--events is at least 0, --rate and --threads at least 1")
            : new(events, parsed.GetValue(Seed), rate, threads);
    }
}
