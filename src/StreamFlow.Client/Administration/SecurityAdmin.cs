using System.Security.Cryptography;
using System.Text;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Administration;

/// <inheritdoc cref="ISecurityAdmin"/>
internal sealed class SecurityAdmin(AdminCalls calls) : ISecurityAdmin
{
    private const int SaltSize = 24;
    private const string UserType = "user";
    private const string ClientIdType = "client-id";
    private const string IpType = "ip";

    private readonly TokenAdmin _tokens = new(calls);

    public Task UpsertScramUserAsync(
        string user, ScramMechanism mechanism, string password, int iterations, CancellationToken cancellationToken)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltSize);
        var upsertion = new AlterUserScramCredentialsRequest.ScramCredentialUpsertion
        {
            Name = user,
            Mechanism = mechanism.Number,
            Iterations = iterations,
            Salt = salt,
            SaltedPassword = mechanism.SaltedPassword(Encoding.UTF8.GetBytes(password), salt, iterations),
        };
        return AlterScramAsync(new AlterUserScramCredentialsRequest { Upsertions = [upsertion] }, cancellationToken);
    }

    public Task DeleteScramUserAsync(string user, ScramMechanism mechanism, CancellationToken cancellationToken) => AlterScramAsync(
        new AlterUserScramCredentialsRequest { Deletions = [new() { Name = user, Mechanism = mechanism.Number }] }, cancellationToken);

    public async Task<IReadOnlyList<ScramUser>> ListScramUsersAsync(CancellationToken cancellationToken)
    {
        var answer = await calls.AnyAsync(
            new DescribeUserScramCredentialsRequest { Users = null },
            a => Problem(a.ErrorCode, "list SCRAM users", a.ErrorMessage),
            cancellationToken).ConfigureAwait(false);
        return
        [
            .. answer.Results.SelectMany(r => r.CredentialInfos.Select(c =>
                new ScramUser(r.User, ScramMechanism.Find(c.Mechanism)?.Name ?? $"{c.Mechanism}", c.Iterations))),
        ];
    }

    public Task CreateAclsAsync(IEnumerable<AclBinding> acls, CancellationToken cancellationToken)
    {
        var request = new CreateAclsRequest
        {
            Creations =
            [
                .. acls.Select(a => new CreateAclsRequest.AclCreation
                {
                    ResourceType = (sbyte)a.ResourceType,
                    ResourceName = a.ResourceName,
                    ResourcePatternType = (sbyte)a.PatternType,
                    Principal = a.Principal,
                    Host = a.Host,
                    Operation = (sbyte)a.Operation,
                    PermissionType = (sbyte)a.Permission,
                }),
            ],
        };
        return calls.AnyAsync(
            request,
            a => AdminCalls.FirstError(a.Results, r => r.ErrorCode, _ => "create ACLs", r => r.ErrorMessage),
            cancellationToken);
    }

    public async Task<IReadOnlyList<AclBinding>> ListAclsAsync(AclFilter filter, CancellationToken cancellationToken)
    {
        var request = new DescribeAclsRequest
        {
            ResourceTypeFilter = (sbyte)filter.ResourceType,
            ResourceNameFilter = filter.ResourceName,
            PatternTypeFilter = (sbyte)filter.PatternType,
            PrincipalFilter = filter.Principal,
            HostFilter = filter.Host,
            Operation = (sbyte)filter.Operation,
            PermissionType = (sbyte)filter.Permission,
        };
        var answer = await calls.AnyAsync(
            request, a => Problem(a.ErrorCode, "list ACLs", a.ErrorMessage), cancellationToken).ConfigureAwait(false);
        return
        [
            .. answer.Resources.SelectMany(r => r.Acls.Select(a => new AclBinding(
                (AclResourceType)r.ResourceType, r.ResourceName, (AclPatternType)r.PatternType,
                a.Principal, a.Host, (AclOperation)a.Operation, (AclPermission)a.PermissionType))),
        ];
    }

    public async Task<IReadOnlyList<AclBinding>> DeleteAclsAsync(AclFilter filter, CancellationToken cancellationToken)
    {
        var wanted = new DeleteAclsRequest.DeleteAclsFilter
        {
            ResourceTypeFilter = (sbyte)filter.ResourceType,
            ResourceNameFilter = filter.ResourceName,
            PatternTypeFilter = (sbyte)filter.PatternType,
            PrincipalFilter = filter.Principal,
            HostFilter = filter.Host,
            Operation = (sbyte)filter.Operation,
            PermissionType = (sbyte)filter.Permission,
        };
        var answer = await calls.AnyAsync(
            new DeleteAclsRequest { Filters = [wanted] },
            a => AdminCalls.FirstError(a.FilterResults, r => r.ErrorCode, _ => "delete ACLs", r => r.ErrorMessage),
            cancellationToken).ConfigureAwait(false);
        return
        [
            .. answer.FilterResults.SelectMany(r => r.MatchingAcls).Select(a => new AclBinding(
                (AclResourceType)a.ResourceType, a.ResourceName, (AclPatternType)a.PatternType,
                a.Principal, a.Host, (AclOperation)a.Operation, (AclPermission)a.PermissionType)),
        ];
    }

    public Task<TokenDescription> CreateTokenAsync(
        IEnumerable<string> renewers, string? owner, TimeSpan? maxLifetime, CancellationToken cancellationToken) =>
        _tokens.CreateAsync([.. renewers], owner, maxLifetime, cancellationToken);

    public Task<DateTimeOffset> RenewTokenAsync(ReadOnlyMemory<byte> hmac, TimeSpan? period, CancellationToken cancellationToken) =>
        _tokens.RenewAsync(hmac, period, cancellationToken);

    public Task<DateTimeOffset> ExpireTokenAsync(ReadOnlyMemory<byte> hmac, TimeSpan? period, CancellationToken cancellationToken) =>
        _tokens.ExpireAsync(hmac, period, cancellationToken);

    public Task<IReadOnlyList<TokenDescription>> ListTokensAsync(
        IEnumerable<string>? owners, CancellationToken cancellationToken) => _tokens.ListAsync(owners, cancellationToken);

    public async Task<IReadOnlyList<ClientQuota>> ListQuotasAsync(CancellationToken cancellationToken)
    {
        var answer = await calls.AnyAsync(
            new DescribeClientQuotasRequest(),
            a => Problem(a.ErrorCode, "list quotas", a.ErrorMessage),
            cancellationToken).ConfigureAwait(false);
        return
        [
            .. (answer.Entries ?? []).SelectMany(e =>
            {
                var entity = new QuotaEntity(
                    NameOf(e.Entity, UserType), NameOf(e.Entity, ClientIdType), NameOf(e.Entity, IpType));
                return e.Values.Select(v => new ClientQuota(entity, v.Key, v.Value));
            }),
        ];
    }

    public Task SetQuotaAsync(QuotaEntity entity, string key, double? value, CancellationToken cancellationToken)
    {
        var entry = new AlterClientQuotasRequest.EntryData
        {
            Ops = [new() { Key = key, Value = value ?? 0, Remove = value is null }],
        };
        foreach (var (type, name) in new[] { (UserType, entity.User), (ClientIdType, entity.ClientId), (IpType, entity.Ip) })
        {
            if (name is not null)
            {
                entry.Entity.Add(new() { EntityType = type, EntityName = name.Length == 0 ? null : name });
            }
        }

        return calls.AnyAsync(
            new AlterClientQuotasRequest { Entries = [entry] },
            a => AdminCalls.FirstError(a.Entries, e => e.ErrorCode, _ => $"set quota {key}", e => e.ErrorMessage),
            cancellationToken);
    }

    /// <summary>The name in an entity's part: null when the part is missing, empty for the default entity.</summary>
    private static string? NameOf(List<DescribeClientQuotasResponse.EntityData> entity, string type) =>
        entity.Find(e => e.EntityType == type) is { } part ? part.EntityName ?? "" : null;

    private Task<AlterUserScramCredentialsResponse> AlterScramAsync(
        AlterUserScramCredentialsRequest request, CancellationToken cancellationToken) => calls.AnyAsync(
        request,
        a => AdminCalls.FirstError(a.Results, r => r.ErrorCode, r => $"alter the credentials of '{r.User}'", r => r.ErrorMessage),
        cancellationToken);

    private static BrokerException? Problem(ErrorCode error, string what, string? detail) =>
        error == ErrorCode.None ? null : new BrokerException(error, what, detail);
}
