using System.Buffers.Binary;

namespace StreamFlow.Streams.Runtime.Assignment;

/// <summary>
/// What the leader tells a thread beside its partitions: the tasks of which its process shall keep copies. Format: byte version (1), int32
/// number of tasks, each int32 sub-topology and int32 partition (big-endian).
/// </summary>
internal static class StandbyData
{
    private const byte Version = 1;
    private const int HeaderSize = 1 + sizeof(int);
    private const int TaskSize = 2 * sizeof(int);

    /// <summary>Null for no tasks.</summary>
    public static byte[]? Write(IReadOnlyList<TaskId> tasks)
    {
        if (tasks.Count == 0)
        {
            return null;
        }

        var bytes = new byte[HeaderSize + (TaskSize * tasks.Count)];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), tasks.Count);
        for (var i = 0; i < tasks.Count; i++)
        {
            var at = bytes.AsSpan(HeaderSize + (i * TaskSize));
            BinaryPrimitives.WriteInt32BigEndian(at, tasks[i].Subtopology);
            BinaryPrimitives.WriteInt32BigEndian(at[sizeof(int)..], tasks[i].Partition);
        }

        return bytes;
    }

    /// <summary>Reads what <see cref="Write"/> wrote; of anything else, what can be read of it.</summary>
    public static IReadOnlyList<TaskId> Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderSize || bytes[0] != Version)
        {
            return [];
        }

        var count = BinaryPrimitives.ReadInt32BigEndian(bytes[1..]);
        var tasks = new List<TaskId>();
        for (var at = HeaderSize; count > 0 && bytes.Length - at >= TaskSize; at += TaskSize, count--)
        {
            tasks.Add(new TaskId(
                BinaryPrimitives.ReadInt32BigEndian(bytes[at..]), BinaryPrimitives.ReadInt32BigEndian(bytes[(at + sizeof(int))..])));
        }

        return tasks;
    }
}
