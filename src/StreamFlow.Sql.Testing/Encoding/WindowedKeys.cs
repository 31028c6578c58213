using System.Buffers.Binary;
using StreamFlow.Sql.Testing.Cases;

namespace StreamFlow.Sql.Testing.Encoding;

/// <summary>Windowed keys: the key's bytes, then the 8-byte start of a time window, or the 8-byte end and start of a session.</summary>
internal static class WindowedKeys
{
    public static byte[] Wrap(byte[] key, CaseWindow window)
    {
        var wrapped = new byte[key.Length + (window.IsSession ? 16 : 8)];
        key.CopyTo(wrapped, 0);
        if (window.IsSession)
        {
            BinaryPrimitives.WriteInt64BigEndian(wrapped.AsSpan(key.Length), window.End);
        }

        BinaryPrimitives.WriteInt64BigEndian(wrapped.AsSpan(wrapped.Length - 8), window.Start);
        return wrapped;
    }

    /// <param name="bytes">The whole key.</param>
    /// <param name="sizeMs">The size of time windows; null for sessions.</param>
    public static (byte[] Key, CaseWindow Window) Unwrap(byte[] bytes, long? sizeMs)
    {
        var start = BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(bytes.Length - 8));
        return sizeMs is { } size
            ? (bytes[..^8], new CaseWindow(false, start, start + size))
            : (bytes[..^16], new CaseWindow(true, start, BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(bytes.Length - 16))));
    }
}
