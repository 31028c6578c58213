namespace StreamFlow.Streams.State;

/// <summary>What became of a version that was put.</summary>
internal enum VersionedPut
{
    /// <summary>It is older than the history: nothing was put.</summary>
    TooOld,

    /// <summary>It was put before newer versions.</summary>
    Past,

    /// <summary>It is the newest version of its key.</summary>
    Latest,
}
