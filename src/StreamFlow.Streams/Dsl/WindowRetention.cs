using StreamFlow.Streams.Errors;

namespace StreamFlow.Streams.Dsl;

/// <summary>
/// How long the stores of windows keep their rows where the user says nothing. Kafka Streams' defaults hide rows that late but accepted
/// records still need; StreamFlow's are longer, and Kafka's come back with <see cref="Topologies.KafkaCompatibility.DefaultRetention"/>.
/// </summary>
internal static class WindowRetention
{
    public static long Time(TimeWindows windows, TimeSpan? given, string node) =>
        windows.IsUnlimited ? long.MaxValue : Choose(given, windows.SizeMs + windows.GraceMs, windows.SizeMs + windows.GraceMs, node);

    public static long Sliding(SlidingWindows windows, TimeSpan? given, string node, bool asKafka)
    {
        var least = (2 * windows.DifferenceMs) + windows.GraceMs;
        return Choose(given, least, asKafka ? least : least + windows.DifferenceMs + 1, node);
    }

    public static long Session(SessionWindows windows, TimeSpan? given, string node, bool asKafka)
    {
        var least = windows.GapMs + windows.GraceMs;
        return Choose(given, least, asKafka ? least : least + (2 * windows.GapMs) + 1, node);
    }

    private static long Choose(TimeSpan? given, long least, long standard, string node)
    {
        var retention = given is { } duration ? Durations.Positive(duration, "retention") : standard;
        return retention >= least
            ? retention
            : throw new TopologyException($"node '{node}' keeps its windows for {retention} ms, but their size and grace need {least} ms");
    }
}
