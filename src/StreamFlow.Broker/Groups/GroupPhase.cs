namespace StreamFlow.Broker.Groups;

/// <summary>
/// The states of a classic group.
/// <code>
///            first join            all rejoined            leader synced
///   Empty ---------------> PreparingRebalance ---> CompletingRebalance ---> Stable
///     ^                      |    ^      ^              |                     |
///     |  nobody rejoined     |    |      +--------------+   join, leave,      |
///     +----------------------+    +--------------------- expired session -----+
///   any --- group deleted ---> Dead
/// </code>
/// </summary>
internal enum GroupPhase
{
    /// <summary>No members; there may be committed offsets.</summary>
    Empty,

    /// <summary>Waiting until every member has joined again.</summary>
    PreparingRebalance,

    /// <summary>Waiting for the leader's assignments.</summary>
    CompletingRebalance,

    /// <summary>Every member has, or can have, its assignment.</summary>
    Stable,

    /// <summary>Deleted; a late request finds nothing here any more.</summary>
    Dead,
}
