namespace StreamFlow.Streams.Topologies;

/// <summary>Which unmatched rows or records a join keeps.</summary>
internal enum JoinType
{
    /// <summary>None.</summary>
    Inner,

    /// <summary>The left side's.</summary>
    Left,

    /// <summary>Both sides'.</summary>
    Outer,
}
