using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace StreamFlow.Sql.Execution.Printing;

/// <summary>
/// Guesses how keys or values of a topic are written, as PRINT does: every record strikes out the formats that cannot read it, and the
/// first of those left prints it.
/// </summary>
internal sealed class FormatGuess
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // ms of the year 2200: window bounds and times are below it.
    private const long LatestTime = 7_258_118_400_000;

    // Whole numbers from here on are more likely the bits of a DOUBLE.
    private const long LargestLikely = 1L << 53;

    private readonly List<Format> _left =
    [
        new("SESSION(KAFKA_STRING)", Session),
        new("TUMBLING(KAFKA_STRING)", Window),
        new("JSON", Json),
        new("KAFKA_STRING", Text),
        new("KAFKA_INT", Int),
        new("KAFKA_BIGINT", BigInt),
        new("KAFKA_DOUBLE", Double),
    ];

    private bool _hasData;

    private delegate string? Reader(ReadOnlySpan<byte> bytes);

    /// <summary>The formats that can read all that was seen.</summary>
    public string Name => !_hasData ? "no data yet"
        : _left.Count == 0 ? "UNRECOGNIZED BYTES"
        : string.Join(" or ", _left.Select(f => f.Name));

    /// <summary>A key or value as text; null for null.</summary>
    public string? Print(byte[]? bytes)
    {
        if (bytes is null)
        {
            return null;
        }

        _hasData = true;
        string? first = null;
        for (var i = 0; i < _left.Count; i++)
        {
            var text = _left[i].Read(bytes);
            if (text is null)
            {
                _left.RemoveAt(i--);
            }
            else
            {
                first ??= text;
            }
        }

        return first ?? "0x" + Convert.ToHexString(bytes);
    }

    private static string? Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var text = Utf8.GetString(bytes);
            return text.Any(c => char.IsControl(c) && c is not ('\t' or '\n' or '\r')) ? null : text;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static string? Json(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes[0] is not ((byte)'{' or (byte)'[' or (byte)'"'))
        {
            return null;
        }

        try
        {
            var reader = new Utf8JsonReader(bytes);
            reader.Read();
            reader.Skip();
            return reader.BytesConsumed == bytes.Length ? Encoding.UTF8.GetString(bytes) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Int(ReadOnlySpan<byte> bytes) =>
        bytes.Length == sizeof(int) ? BinaryPrimitives.ReadInt32BigEndian(bytes).ToString(CultureInfo.InvariantCulture) : null;

    private static string? BigInt(ReadOnlySpan<byte> bytes) =>
        bytes.Length == sizeof(long) && BinaryPrimitives.ReadInt64BigEndian(bytes) is var value and > -LargestLikely and < LargestLikely
            ? value.ToString(CultureInfo.InvariantCulture)
            : null;

    private static string? Double(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != sizeof(double))
        {
            return null;
        }

        var value = BinaryPrimitives.ReadDoubleBigEndian(bytes);
        return double.IsSubnormal(value) || !double.IsFinite(value) ? null : Values.SqlText.Of(value);
    }

    // A string key, then the window's start.
    private static string? Window(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= sizeof(long) || Text(bytes[..^sizeof(long)]) is not { } key)
        {
            return null;
        }

        var start = BinaryPrimitives.ReadInt64BigEndian(bytes[^sizeof(long)..]);
        return start is >= 0 and < LatestTime ? string.Create(CultureInfo.InvariantCulture, $"[{key}@{start}/-]") : null;
    }

    // A string key, then the session's end and start.
    private static string? Session(ReadOnlySpan<byte> bytes)
    {
        const int times = 2 * sizeof(long);
        if (bytes.Length <= times || Text(bytes[..^times]) is not { } key)
        {
            return null;
        }

        var end = BinaryPrimitives.ReadInt64BigEndian(bytes[^times..]);
        var start = BinaryPrimitives.ReadInt64BigEndian(bytes[^sizeof(long)..]);
        return start >= 0 && end >= start && end < LatestTime
            ? string.Create(CultureInfo.InvariantCulture, $"[{key}@{start}/{end}]")
            : null;
    }

    private sealed record Format(string Name, Reader Read);
}
