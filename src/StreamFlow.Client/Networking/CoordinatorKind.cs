namespace StreamFlow.Client.Networking;

/// <summary>What a coordinator coordinates; the numbers are the protocol's key types.</summary>
internal enum CoordinatorKind
{
    /// <summary>A group.</summary>
    Group = 0,

    /// <summary>A transactional id.</summary>
    Transaction = 1,
}
