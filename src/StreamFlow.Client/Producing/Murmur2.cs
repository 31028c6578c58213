using System.Buffers.Binary;

namespace StreamFlow.Client.Producing;

/// <summary>Kafka's default partitioner for records with a key: 32-bit MurmurHash2 with Kafka's seed, so that all clients agree.</summary>
public static class Murmur2
{
    private const uint Seed = 0x9747b28c;
    private const uint Mixer = 0x5bd1e995;

    /// <summary>The hash of the bytes.</summary>
    public static int Hash(ReadOnlySpan<byte> data)
    {
        var hash = Seed ^ (uint)data.Length;
        while (data.Length >= 4)
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(data) * Mixer;
            word ^= word >> 24;
            hash = (hash * Mixer) ^ (word * Mixer);
            data = data[4..];
        }

        for (var i = data.Length - 1; i >= 0; i--)
        {
            hash ^= (uint)data[i] << (8 * i);
        }

        if (data.Length > 0)
        {
            hash *= Mixer;
        }

        hash = (hash ^ (hash >> 13)) * Mixer;
        return (int)(hash ^ (hash >> 15));
    }

    /// <summary>The partition of a key among <paramref name="partitionCount"/>.</summary>
    public static int PartitionOf(ReadOnlySpan<byte> key, int partitionCount) => (Hash(key) & int.MaxValue) % partitionCount;
}
