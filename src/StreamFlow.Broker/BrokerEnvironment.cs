using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StreamFlow.Core.IO;
using StreamFlow.Core.Memory;

namespace StreamFlow.Broker;

/// <summary>What a broker is given besides its settings: clock, disk, randomness, log, metrics. The defaults are the real ones.</summary>
public sealed record BrokerEnvironment
{
    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The disk.</summary>
    public IFileSystem Files { get; init; } = SystemFileSystem.Instance;

    /// <summary>
    /// Where member and topic ids come from; null for the system's own. Give a seeded one to make a run repeatable. Used under a lock.
    /// </summary>
    public Random? Random { get; init; }

    /// <summary>Where the broker logs to; nowhere by default.</summary>
    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Makes the meter; null for one of the broker's own.</summary>
    public IMeterFactory? Meters { get; init; }

    /// <summary>What buffers of requests draw on; null for a budget of <c>memory.limit</c>.</summary>
    public MemoryBudget? Memory { get; init; }

    /// <summary>
    /// Whether a thread of its own makes logs durable. Without it a flush happens within the request that asks for it, which is what
    /// simulated and in-memory disks want.
    /// </summary>
    public bool FlushInBackground { get; init; } = true;

    /// <summary>
    /// Whether clients go on when the broker ends though it has no listener, as those of a simulation do. Without listeners all clients are
    /// in this process, and members of groups end with it.
    /// </summary>
    internal bool ClientsOutliveBroker { get; init; }
}
