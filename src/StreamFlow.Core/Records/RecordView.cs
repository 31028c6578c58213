using System.Runtime.CompilerServices;
using System.Text;
using StreamFlow.Core.Errors;

namespace StreamFlow.Core.Records;

/// <summary>One record, read in place: spans into the batch's (decompressed) bytes. Valid as long as those bytes are.</summary>
public readonly ref struct RecordView
{
    internal RecordView(
        long offset,
        long timestamp,
        bool hasKey,
        ReadOnlySpan<byte> key,
        bool hasValue,
        ReadOnlySpan<byte> value,
        int headerCount,
        ReadOnlySpan<byte> headerBytes)
    {
        Offset = offset;
        Timestamp = timestamp;
        HasKey = hasKey;
        Key = key;
        HasValue = hasValue;
        Value = value;
        HeaderCount = headerCount;
        HeaderBytes = headerBytes;
    }

    /// <summary>The record's offset in its partition.</summary>
    public long Offset { get; }

    /// <summary>The record's timestamp (ms since 1970).</summary>
    public long Timestamp { get; }

    /// <summary>False when the key is null.</summary>
    public bool HasKey { get; }

    /// <summary>The key's bytes; empty when it is null.</summary>
    public ReadOnlySpan<byte> Key { get; }

    /// <summary>False when the value is null: a tombstone.</summary>
    public bool HasValue { get; }

    /// <summary>The value's bytes; empty when it is null.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>The number of headers.</summary>
    public int HeaderCount { get; }

    /// <summary>The headers as they stand in the record, behind their count.</summary>
    public ReadOnlySpan<byte> HeaderBytes { get; }

    /// <summary>Whether the headers are as many as the record says, and fill it to its end.</summary>
    public bool HasSoundHeaders()
    {
        var at = 0;
        for (var i = 0; i < HeaderCount; i++)
        {
            if (!TryReadBytes(HeaderBytes, ref at, out var key) || key.IsNull || !TryReadBytes(HeaderBytes, ref at, out _))
            {
                return false;
            }
        }

        return at == HeaderBytes.Length;
    }

    /// <summary>Copies the headers out; without headers that costs nothing.</summary>
    /// <exception cref="CorruptRecordException">A header's length points outside the record.</exception>
    public Headers ReadHeaders()
    {
        if (HeaderCount == 0)
        {
            return Headers.Empty;
        }

        // A header takes two bytes at least, so a count beyond that is a lie and allocates nothing.
        if (HeaderCount > HeaderBytes.Length / 2)
        {
            throw Corrupt();
        }

        var items = new Header[HeaderCount];
        var position = 0;
        for (var i = 0; i < items.Length; i++)
        {
            if (!TryReadBytes(HeaderBytes, ref position, out var key) || key.IsNull
                || !TryReadBytes(HeaderBytes, ref position, out var value))
            {
                throw Corrupt();
            }

            items[i] = new Header(Encoding.UTF8.GetString(key.Bytes), value.IsNull ? null : value.Bytes.ToArray());
        }

        return new Headers(items);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TryReadBytes(ReadOnlySpan<byte> source, scoped ref int position, out NullableBytes bytes)
    {
        bytes = default;
        if (!Varint.TryReadInt32(source, ref position, out var length) || length > source.Length - position || length < -1)
        {
            return false;
        }

        if (length < 0)
        {
            bytes = new NullableBytes(true, default);
            return true;
        }

        bytes = new NullableBytes(false, source.Slice(position, length));
        position += length;
        return true;
    }

    private static CorruptRecordException Corrupt() => new("a record's headers run past its end");

    internal readonly ref struct NullableBytes(bool isNull, ReadOnlySpan<byte> bytes)
    {
        public bool IsNull { get; } = isNull;

        public ReadOnlySpan<byte> Bytes { get; } = bytes;
    }
}
