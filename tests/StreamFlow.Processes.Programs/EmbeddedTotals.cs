using System.Globalization;
using StreamFlow.Broker;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Processes.Programs;

/// <summary>What the embedded program and its test must agree on.</summary>
public static class EmbeddedTotals
{
    private const int Accounts = 50;

    public static BrokerOptions Broker { get; } = new()
    {
        GroupInitialRebalanceDelayMs = 0,
        OffsetsTopicNumPartitions = 2,
        TransactionTopicNumPartitions = 2,
        TransactionAbortCheckIntervalMs = 300,
    };

    public static StreamsOptions Options(string directory) => new()
    {
        ApplicationId = "embedded-totals",
        StateDirectory = Path.Combine(directory, "state"),
        Guarantee = ProcessingGuarantee.ExactlyOnceV2,
        CommitInterval = TimeSpan.FromMilliseconds(20),
        StateFlushInterval = TimeSpan.FromMilliseconds(50),
        TransactionTimeout = TimeSpan.FromSeconds(2),
    };

    public static string KeyOf(long number) => string.Create(CultureInfo.InvariantCulture, $"account{number % Accounts}/{number}");
}
