namespace StreamFlow.Client.Administration;

/// <summary>A user's SCRAM password, as far as it can be told.</summary>
/// <param name="Name">The user.</param>
/// <param name="Mechanism">The mechanism.</param>
/// <param name="Iterations">Rounds of the hash.</param>
public sealed record ScramUser(string Name, string Mechanism, int Iterations);

/// <summary>
/// Whose quota: a user, a client id, both together, or an address. An empty name is everybody who has no quota of its own.
/// </summary>
/// <param name="User">The user; null for any.</param>
/// <param name="ClientId">The client id; null for any.</param>
/// <param name="Ip">The address; null for any.</param>
public sealed record QuotaEntity(string? User = null, string? ClientId = null, string? Ip = null);

/// <summary>One quota.</summary>
/// <param name="Entity">Whose.</param>
/// <param name="Key">Which, such as <c>producer_byte_rate</c>.</param>
/// <param name="Value">Bytes per second, percent, or mutations per second.</param>
public sealed record ClientQuota(QuotaEntity Entity, string Key, double Value);
