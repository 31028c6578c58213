using System.Collections.Immutable;
using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Telemetry;

/// <summary>A client that has asked which metrics are wanted. Guarded by <see cref="ClientTelemetry"/>.</summary>
internal sealed class ClientInstance
{
    /// <summary>The settings from which its subscription was made; when they change it is made anew.</summary>
    public ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>>? Settings { get; set; }

    /// <summary>Changes with what is wanted.</summary>
    public int SubscriptionId { get; set; }

    /// <summary>How often it is to push (ms).</summary>
    public int IntervalMs { get; set; }

    /// <summary>Prefixes of the names of wanted metrics.</summary>
    public List<string> Metrics { get; set; } = [];

    public long? LastGetMs { get; set; }

    public long? LastPushMs { get; set; }

    /// <summary>Whether it has pushed for the last time.</summary>
    public bool IsTerminating { get; set; }

    /// <summary>How its last push was answered.</summary>
    public ErrorCode LastError { get; set; }
}
