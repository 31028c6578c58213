namespace StreamFlow.Client.Networking;

/// <summary>
/// What a connection is for. A broker answers one connection's requests in order, so what may wait long (fetches, joins) gets connections
/// of its own.
/// </summary>
internal enum Lane
{
    /// <summary>Everything that is answered soon.</summary>
    General,

    /// <summary>Group membership: joins wait for the whole group.</summary>
    Coordination,

    /// <summary>Fetches.</summary>
    Fetch,

    /// <summary>Fetches of partitions that another fetch, which waits, does not include.</summary>
    SecondFetch,
}
