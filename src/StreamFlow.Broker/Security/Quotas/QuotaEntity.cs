namespace StreamFlow.Broker.Security.Quotas;

/// <summary>Whose quota: null leaves a part open, an empty name is everybody who has no quota of its own.</summary>
/// <param name="User">The user.</param>
/// <param name="ClientId">The client id.</param>
/// <param name="Ip">The address; stands alone.</param>
internal readonly record struct QuotaEntity(string? User, string? ClientId, string? Ip)
{
    public const string UserType = "user";
    public const string ClientIdType = "client-id";
    public const string IpType = "ip";

    /// <summary>The parts that are set, as the APIs name them; the default entity has the name null there.</summary>
    public IEnumerable<(string Type, string? Name)> Parts
    {
        get
        {
            if (User is not null)
            {
                yield return (UserType, User.Length == 0 ? null : User);
            }

            if (ClientId is not null)
            {
                yield return (ClientIdType, ClientId.Length == 0 ? null : ClientId);
            }

            if (Ip is not null)
            {
                yield return (IpType, Ip.Length == 0 ? null : Ip);
            }
        }
    }

    /// <summary>Reads the parts; null when a type is not known, stands twice, or does not go with the others.</summary>
    public static QuotaEntity? Of(IEnumerable<(string Type, string? Name)> parts)
    {
        var entity = default(QuotaEntity);
        foreach (var (type, name) in parts)
        {
            var taken = type switch
            {
                UserType => entity.User,
                ClientIdType => entity.ClientId,
                IpType => entity.Ip,
                _ => "",
            };
            if (taken is not null)
            {
                return null;
            }

            entity = type switch
            {
                UserType => entity with { User = name ?? "" },
                ClientIdType => entity with { ClientId = name ?? "" },
                _ => entity with { Ip = name ?? "" },
            };
        }

        var isAddress = entity.Ip is not null;
        var isClient = entity.User is not null || entity.ClientId is not null;
        return isAddress == isClient ? null : entity;
    }
}
