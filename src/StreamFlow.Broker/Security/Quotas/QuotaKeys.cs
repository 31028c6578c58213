namespace StreamFlow.Broker.Security.Quotas;

/// <summary>What quotas there are.</summary>
internal static class QuotaKeys
{
    /// <summary>Bytes per second produced.</summary>
    public const string Produce = "producer_byte_rate";

    /// <summary>Bytes per second fetched.</summary>
    public const string Fetch = "consumer_byte_rate";

    /// <summary>Time spent on the client's requests, in percent of one processor.</summary>
    public const string Request = "request_percentage";

    /// <summary>Partitions created or deleted per second (KIP-599).</summary>
    public const string Mutation = "controller_mutation_rate";

    /// <summary>Connections per second from an address (KIP-612).</summary>
    public const string Connection = "connection_creation_rate";

    /// <summary>What is wrong with a quota, or null.</summary>
    public static string? WhyInvalid(QuotaEntity entity, string key, double value, bool isRemoval)
    {
        var isKnown = entity.Ip is null ? key is Produce or Fetch or Request or Mutation : key is Connection;
        if (!isKnown)
        {
            return $"Invalid configuration key {key}";
        }

        var isWhole = key is Produce or Fetch or Connection;
        return isRemoval ? null
            : !(value > 0) ? $"Quota {key} must be greater than 0"
            : isWhole && (Math.Floor(value) != value || value > long.MaxValue) ? $"Quota {key} must be a whole number"
            : null;
    }
}
