namespace StreamFlow.Streams.Topologies;

/// <summary>What an upgrade does to a store or an internal topic.</summary>
public enum TopologyFate
{
    /// <summary>It stays, with what it holds.</summary>
    Kept,

    /// <summary>It is new and starts empty.</summary>
    New,

    /// <summary>It goes, with what it holds.</summary>
    Lost,

    /// <summary>It has the same name, but what it holds does not fit any more.</summary>
    Changed,
}

/// <summary>The fate of one store or internal topic in an upgrade.</summary>
/// <param name="Fate">What becomes of it.</param>
/// <param name="What"><c>store</c> or <c>topic</c>.</param>
/// <param name="Name">Its name, without the application's prefix.</param>
/// <param name="Detail">What it is, or what differs.</param>
public sealed record TopologyChange(TopologyFate Fate, string What, string Name, string Detail);
