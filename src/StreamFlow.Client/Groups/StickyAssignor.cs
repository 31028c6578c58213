using System.Buffers.Binary;
using System.Text;
using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Groups;

/// <summary>
/// Balanced, and moves as few partitions as possible, with the eager protocol: what a member had travels in its user data
/// (Kafka's StickyAssignorUserData v1: int32 count of topics, per topic an int16-length name, int32 count, int32 partitions; then int32
/// generation).
/// </summary>
public sealed class StickyAssignor : IPartitionAssignor
{
    private IReadOnlyList<TopicPartition> _owned = [];
    private int _generation = -1;

    /// <inheritdoc/>
    public string Name => "sticky";

    /// <inheritdoc/>
    public RebalanceProtocol Protocol => RebalanceProtocol.Eager;

    /// <inheritdoc/>
    public byte[]? GetUserData(IReadOnlyCollection<string> topics) => _owned.Count == 0 ? null : Write(_owned, _generation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<string, MemberAssignment>> AssignAsync(
        GroupAssignmentContext context, CancellationToken cancellationToken) =>
        new(PartitionNumbers.ToAssignments(StickyBalancer.Balance(context, m => Read(m.UserData))));

    /// <inheritdoc/>
    public void OnAssignment(MemberAssignment assignment, ConsumerGroupMetadata group)
    {
        _owned = assignment.Partitions;
        _generation = group.GenerationId;
    }

    internal static byte[] Write(IReadOnlyList<TopicPartition> partitions, int generation)
    {
        var bytes = new List<byte>();
        var topics = partitions.GroupBy(p => p.Topic, StringComparer.Ordinal).ToList();
        AddInt32(bytes, topics.Count);
        foreach (var topic in topics)
        {
            var name = Encoding.UTF8.GetBytes(topic.Key);
            bytes.Add((byte)(name.Length >> 8));
            bytes.Add((byte)name.Length);
            bytes.AddRange(name);
            AddInt32(bytes, topic.Count());
            foreach (var partition in topic)
            {
                AddInt32(bytes, partition.Partition);
            }
        }

        AddInt32(bytes, generation);
        return [.. bytes];
    }

    /// <summary>Other members' bytes: what does not parse counts as owning nothing.</summary>
    internal static (int Generation, IReadOnlyList<TopicPartition> Partitions) Read(byte[]? data)
    {
        var partitions = new List<TopicPartition>();
        var rest = data.AsSpan();
        if (!TryReadInt32(ref rest, out var topics))
        {
            return (-1, []);
        }

        for (; topics > 0; topics--)
        {
            if (rest.Length < 2 || BinaryPrimitives.ReadInt16BigEndian(rest) is var length && (length < 0 || rest.Length - 2 < length))
            {
                return (-1, []);
            }

            var name = Encoding.UTF8.GetString(rest.Slice(2, length));
            rest = rest[(2 + length)..];
            if (!TryReadInt32(ref rest, out var count) || count < 0 || count > rest.Length / 4)
            {
                return (-1, []);
            }

            for (; count > 0 && TryReadInt32(ref rest, out var partition); count--)
            {
                partitions.Add(new(name, partition));
            }
        }

        return (TryReadInt32(ref rest, out var generation) ? generation : -1, partitions);
    }

    private static void AddInt32(List<byte> bytes, int value)
    {
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(four, value);
        bytes.AddRange(four);
    }

    private static bool TryReadInt32(ref Span<byte> rest, out int value)
    {
        value = 0;
        if (rest.Length < 4)
        {
            return false;
        }

        value = BinaryPrimitives.ReadInt32BigEndian(rest);
        rest = rest[4..];
        return true;
    }
}
