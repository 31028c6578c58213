using StreamFlow.Core.Serialization;
using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Processes.Programs;

/// <summary>
/// Sums and the greatest number by account: through a repartition topic into a table with a changelog, and to a topic. Sums show what is
/// doubled or lost; the greatest number shows only what is lost.
/// </summary>
public static class Totals
{
    public const string Input = "payments";
    public const string Output = "totals";
    public const string Store = "totals-store";

    public static Topology Build()
    {
        var builder = new StreamsBuilder();
        builder.Stream<string, long>(Input)
            .SelectKey((key, _) => AccountOf(key))
            .GroupByKey()
            .Aggregate(
                () => "0 0 -1",
                (_, number, total) => Add(total!, number),
                Materialized<string, string>.As(Store))
            .ToStream()
            .To(Output);
        return builder.Build();
    }

    /// <summary>The account of a payment's key, <c>account/number</c>.</summary>
    public static string AccountOf(string? key) => key!.Split('/')[0];

    /// <summary>A total is <c>count sum greatest</c>.</summary>
    public static string Add(string total, long number)
    {
        var parts = Array.ConvertAll(total.Split(' '), long.Parse);
        return $"{parts[0] + 1} {parts[1] + number} {Math.Max(parts[2], number)}";
    }
}
