using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;

namespace StreamFlow.Client.Administration;

/// <summary>Administers users, ACLs and quotas of a cluster. Thread safe; errors are those of <see cref="IAdmin"/>.</summary>
public interface ISecurityAdmin
{
    /// <summary>Creates a SCRAM user or changes its password. The password does not leave this process, only what checks it.</summary>
    /// <param name="user">The user.</param>
    /// <param name="mechanism">For which mechanism; a user may have a password for each.</param>
    /// <param name="password">The password.</param>
    /// <param name="iterations">Rounds of the hash, 4096 to 16384.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="BrokerException">The broker refuses.</exception>
    Task UpsertScramUserAsync(
        string user, ScramMechanism mechanism, string password, int iterations = 4096, CancellationToken cancellationToken = default);

    /// <summary>Deletes the password of a SCRAM user for a mechanism.</summary>
    Task DeleteScramUserAsync(string user, ScramMechanism mechanism, CancellationToken cancellationToken = default);

    /// <summary>All SCRAM users, one entry for each mechanism.</summary>
    Task<IReadOnlyList<ScramUser>> ListScramUsersAsync(CancellationToken cancellationToken = default);

    /// <summary>Adds ACLs; one that exists is fine.</summary>
    Task CreateAclsAsync(IEnumerable<AclBinding> acls, CancellationToken cancellationToken = default);

    /// <summary>The ACLs that a filter chooses.</summary>
    Task<IReadOnlyList<AclBinding>> ListAclsAsync(AclFilter filter, CancellationToken cancellationToken = default);

    /// <summary>Deletes the ACLs that a filter chooses.</summary>
    /// <returns>Those deleted.</returns>
    Task<IReadOnlyList<AclBinding>> DeleteAclsAsync(AclFilter filter, CancellationToken cancellationToken = default);

    /// <summary>Makes a delegation token (KIP-48): who logs in with it acts as its owner, without the owner's password.</summary>
    /// <param name="renewers">Who else may renew and expire it, such as <c>User:alice</c>.</param>
    /// <param name="owner">Whose it is, such as <c>User:bob</c>; null for the caller.</param>
    /// <param name="maxLifetime">How long it can be renewed at the most; null for the broker's limit.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<TokenDescription> CreateTokenAsync(
        IEnumerable<string> renewers, string? owner = null, TimeSpan? maxLifetime = null, CancellationToken cancellationToken = default);

    /// <summary>Lets a delegation token live longer.</summary>
    /// <param name="hmac">The token's HMAC.</param>
    /// <param name="period">From now on; null for the broker's default.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>When it ends.</returns>
    Task<DateTimeOffset> RenewTokenAsync(
        ReadOnlyMemory<byte> hmac, TimeSpan? period = null, CancellationToken cancellationToken = default);

    /// <summary>Ends a delegation token.</summary>
    /// <param name="hmac">The token's HMAC.</param>
    /// <param name="period">From now on; null for at once.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>When it ends.</returns>
    Task<DateTimeOffset> ExpireTokenAsync(
        ReadOnlyMemory<byte> hmac, TimeSpan? period = null, CancellationToken cancellationToken = default);

    /// <summary>The delegation tokens that the caller may see.</summary>
    /// <param name="owners">Those that these own or may renew, such as <c>User:alice</c>; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<TokenDescription>> ListTokensAsync(
        IEnumerable<string>? owners = null, CancellationToken cancellationToken = default);

    /// <summary>All quotas.</summary>
    Task<IReadOnlyList<ClientQuota>> ListQuotasAsync(CancellationToken cancellationToken = default);

    /// <summary>Sets a quota of an entity, or removes it.</summary>
    /// <param name="entity">Whose.</param>
    /// <param name="key">Which, such as <c>producer_byte_rate</c>.</param>
    /// <param name="value">The value; null removes it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task SetQuotaAsync(QuotaEntity entity, string key, double? value, CancellationToken cancellationToken = default);
}
