namespace StreamFlow.Testing.Storage;

/// <summary>What becomes of writes that were not synced when the machine stops.</summary>
public enum CrashMode
{
    /// <summary>All are lost.</summary>
    LoseUnsynced,

    /// <summary>Those up to some moment arrived, the one at that moment in part.</summary>
    Prefix,

    /// <summary>Any of their sectors arrived, in any order; the others read as zeros or as what was there before.</summary>
    Reorder,
}
