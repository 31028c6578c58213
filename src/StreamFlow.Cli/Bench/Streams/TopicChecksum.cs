using System.Security.Cryptography;
using StreamFlow.Cli.Shell;
using StreamFlow.Client;
using StreamFlow.Client.Consuming;
using StreamFlow.Core.Topics;

namespace StreamFlow.Cli.Bench.Streams;

/// <summary>SHA-256 over a topic's lines <c>key TAB value LF</c>, sorted by their bytes.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Mode"><see cref="All"/> or <see cref="FinalPerKey"/>.</param>
/// <param name="RecordsPerPartition">Committed records by partition number.</param>
/// <param name="Lines">Lines that went into the checksum.</param>
/// <param name="Sha256">The checksum in hexadecimal digits.</param>
internal sealed record TopicChecksum(string Topic, string Mode, IReadOnlyList<long> RecordsPerPartition, long Lines, string Sha256)
{
    /// <summary>A line for every record; an absent key or value is empty.</summary>
    public const string All = "all";

    /// <summary>A line for every key with its last value, unless that is a tombstone.</summary>
    public const string FinalPerKey = "final-per-key";

    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(200);

    /// <summary>Reads the committed records of a topic from its start to its end.</summary>
    /// <exception cref="UsageException">The topic or the mode does not exist.</exception>
    public static async Task<TopicChecksum> ReadAsync(ICluster cluster, string topic, string mode, CancellationToken cancellation)
    {
        if (mode is not (All or FinalPerKey))
        {
            throw new UsageException($"--mode {mode}: {All} or {FinalPerKey}");
        }

        var ends = await BenchTopics.EndOffsetsAsync(cluster.Admin, [topic], cancellation);
        var counts = new long[ends.Count];
        var lines = new TopicLines(mode == FinalPerKey);
        await using var consumer = cluster.CreateConsumer(new ConsumerOptions
        {
            AutoOffsetReset = AutoOffsetReset.Earliest, IsolationLevel = IsolationLevel.ReadCommitted,
        });
        consumer.Assign(ends.Keys);
        consumer.SeekToBeginning(ends.Keys);
        while (!HasReached(consumer, ends))
        {
            using var batch = await consumer.PollAsync(Wait, cancellation);
            while (batch is not null && batch.TryRead(out var record))
            {
                lines.Add(record);
                counts[batch.Partition.Partition]++;
            }
        }

        var sorted = lines.Sorted();
        return new TopicChecksum(topic, mode, counts, sorted.Count, Hash(sorted));
    }

    /// <summary>Prints it as a JSON line.</summary>
    public void Print() => JsonLine.Print(new()
    {
        ["topic"] = Topic,
        ["mode"] = Mode,
        ["records"] = RecordsPerPartition.Sum(),
        ["recordsPerPartition"] = RecordsPerPartition,
        ["lines"] = Lines,
        ["sha256"] = Sha256,
    });

    private static bool HasReached(IConsumer consumer, IReadOnlyDictionary<TopicPartition, long> ends)
    {
        foreach (var (partition, end) in ends)
        {
            if (end > 0 && (consumer.Position(partition) ?? 0) < end)
            {
                return false;
            }
        }

        return true;
    }

    private static string Hash(List<byte[]> lines)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var line in lines)
        {
            hash.AppendData(line);
            hash.AppendData("\n"u8);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
