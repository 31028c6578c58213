namespace StreamFlow.Streams.Topologies;

/// <summary>The names of a repartition.</summary>
/// <param name="Topic">The internal topic without the application's prefix.</param>
/// <param name="Sink">The node that writes it.</param>
/// <param name="Filter">The node in front that drops null keys.</param>
/// <param name="Source">The node that reads it.</param>
internal sealed record RepartitionNames(string Topic, string Sink, string Filter, string Source)
{
    public const string Suffix = "-repartition";
}
