using System.Buffers.Binary;

namespace StreamFlow.Streams.Runtime.Assignment;

/// <summary>
/// What a thread tells the group's leader beside its subscription: which process it belongs to, and of which tasks that process has state
/// on disk, and how far. Format: byte version (2), 16 bytes process id, int32 number of tasks, each int32 sub-topology, int32 partition and
/// int64 progress (big-endian).
/// </summary>
/// <param name="ProcessId">The process.</param>
/// <param name="LocalTasks">Tasks whose stores are on the process's disk.</param>
internal sealed record MemberData(Guid ProcessId, IReadOnlyList<LocalTask> LocalTasks)
{
    private const byte Version = 2;
    private const int HeaderSize = 1 + 16 + sizeof(int);
    private const int TaskSize = (2 * sizeof(int)) + sizeof(long);

    public byte[] Write()
    {
        var bytes = new byte[HeaderSize + (TaskSize * LocalTasks.Count)];
        bytes[0] = Version;
        ProcessId.TryWriteBytes(bytes.AsSpan(1), bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(17), LocalTasks.Count);
        for (var i = 0; i < LocalTasks.Count; i++)
        {
            var at = bytes.AsSpan(HeaderSize + (i * TaskSize));
            var (task, progress) = LocalTasks[i];
            BinaryPrimitives.WriteInt32BigEndian(at, task.Subtopology);
            BinaryPrimitives.WriteInt32BigEndian(at[sizeof(int)..], task.Partition);
            BinaryPrimitives.WriteInt64BigEndian(at[(2 * sizeof(int))..], progress);
        }

        return bytes;
    }

    /// <summary>Reads another member's data; what cannot be read is a process without state.</summary>
    public static MemberData Read(string memberId, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderSize || bytes[0] != Version)
        {
            return new MemberData(FallbackId(memberId), []);
        }

        var count = BinaryPrimitives.ReadInt32BigEndian(bytes[17..]);
        var tasks = new List<LocalTask>();
        for (var at = HeaderSize; count > 0 && bytes.Length - at >= TaskSize; at += TaskSize, count--)
        {
            var task = new TaskId(
                BinaryPrimitives.ReadInt32BigEndian(bytes[at..]), BinaryPrimitives.ReadInt32BigEndian(bytes[(at + sizeof(int))..]));
            tasks.Add(new LocalTask(task, BinaryPrimitives.ReadInt64BigEndian(bytes[(at + (2 * sizeof(int)))..])));
        }

        return new MemberData(new Guid(bytes.Slice(1, 16), bigEndian: true), tasks);
    }

    private static Guid FallbackId(string memberId)
    {
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteInt32LittleEndian(id, string.GetHashCode(memberId, StringComparison.Ordinal));
        return new Guid(id);
    }
}
