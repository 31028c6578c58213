using System.Security.Cryptography;

namespace StreamFlow.Broker;

/// <summary>Makes random ids, from the system's randomness or from a seeded source that repeats. Thread safe.</summary>
internal sealed class IdSource(Random? random)
{
    private readonly Lock _gate = new();

    /// <summary>A random id of version 4, so never one of the reserved ones.</summary>
    public Guid Next()
    {
        Span<byte> bytes = stackalloc byte[16];
        if (random is null)
        {
            RandomNumberGenerator.Fill(bytes);
        }
        else
        {
            lock (_gate)
            {
                random.NextBytes(bytes);
            }
        }

        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
