using StreamFlow.Core.Records;

namespace StreamFlow.Streams.Tests.Runtime.Fakes;

/// <summary>One record of a fake log. Transactional ones are visible to committed readers when their transaction has ended.</summary>
internal sealed record FakeRecord(long Offset, byte[]? Key, byte[]? Value, long Timestamp, Headers Headers, FakeTransaction? Transaction);

/// <summary>A transaction of the fake cluster: null while open.</summary>
internal sealed class FakeTransaction
{
    public bool? Committed { get; set; }
}

/// <summary>A partition of the fake cluster; guarded by the cluster's lock.</summary>
internal sealed class FakePartition
{
    public List<FakeRecord> Records { get; } = [];

    public long End { get; set; }

    /// <summary>End of what a reader of committed records may read: in front of the first open transaction.</summary>
    public long StableEnd => Records.FirstOrDefault(r => r.Transaction is { Committed: null })?.Offset ?? End;

    public long Append(byte[]? key, byte[]? value, long timestamp, Headers headers, FakeTransaction? transaction)
    {
        Records.Add(new FakeRecord(End, key, value, timestamp, headers, transaction));
        return End++;
    }
}
