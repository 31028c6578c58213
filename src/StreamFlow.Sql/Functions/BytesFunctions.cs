using System.Buffers.Binary;
using System.Text;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Functions;

/// <summary>Functions over BYTES and between BYTES and STRING (sections 17.4 and 17.6 of the language reference).</summary>
public static class BytesFunctions
{
    private const string Category = "BYTES";

    /// <summary>Text of the bytes in an encoding: hex, utf8, ascii or base64.</summary>
    [SqlFunction("FROM_BYTES", Category = Category, Description = "Text of bytes in hex, utf8, ascii or base64.")]
    public static string FromBytes(byte[] bytes, string encoding) => BytesEncoding.Of(encoding) switch
    {
        BytesEncoding.Kind.Hex => Convert.ToHexString(bytes),
        var kind => BytesEncoding.ToText(bytes, kind),
    };

    /// <summary>Bytes of a text in an encoding: hex, utf8, ascii or base64.</summary>
    [SqlFunction("TO_BYTES", Category = Category, Description = "Bytes of a text in hex, utf8, ascii or base64.")]
    public static byte[] ToBytes(string text, string encoding) => BytesEncoding.ToBytes(text, BytesEncoding.Of(encoding));

    /// <summary>Text re-encoded from one of hex, utf8, ascii, base64 to another.</summary>
    [SqlFunction("ENCODE", Category = "STRING", Description = "Re-encodes text among hex, utf8, ascii and base64.")]
    public static string Encode(string text, string inputEncoding, string outputEncoding)
    {
        var (from, to) = (BytesEncoding.Of(inputEncoding), BytesEncoding.Of(outputEncoding));
        return from == to
            ? throw new SqlEvaluationException($"ENCODE from {inputEncoding} to itself.")
            : BytesEncoding.ToText(BytesEncoding.ToBytes(text, from), to);
    }

    /// <summary>The bytes one after the other; nulls are skipped.</summary>
    [SqlFunction("CONCAT", Category = Category)]
    public static byte[] Concat(byte[]? first, params ReadOnlySpan<byte[]?> others)
    {
        var all = new List<byte>(first ?? []);
        foreach (var other in others)
        {
            all.AddRange(other ?? []);
        }

        return [.. all];
    }

    /// <summary>The bytes with a separator between them; null items are skipped.</summary>
    [SqlFunction("CONCAT_WS", Category = Category)]
    public static byte[] ConcatWs(byte[] separator, byte[]? first, params ReadOnlySpan<byte[]?> others)
    {
        var all = new List<byte>(first ?? []);
        var some = first is not null;
        foreach (var other in others)
        {
            if (other is not null)
            {
                all.AddRange(some ? separator : []);
                all.AddRange(other);
                some = true;
            }
        }

        return [.. all];
    }

    /// <summary>Number of bytes.</summary>
    [SqlFunction("LEN", Category = Category)]
    public static int Len(byte[] bytes) => bytes.Length;

    /// <summary>Padded on the left, or cut, to a length; null for a negative length or empty padding.</summary>
    [SqlFunction("LPAD", Category = Category)]
    public static byte[]? Lpad(byte[] bytes, int length, byte[] padding) => length < 0 || padding.Length == 0
        ? null
        : length <= bytes.Length ? bytes[..length] : [.. Repeat(padding, length - bytes.Length), .. bytes];

    /// <summary>Padded on the right, or cut, to a length; null for a negative length or empty padding.</summary>
    [SqlFunction("RPAD", Category = Category)]
    public static byte[]? Rpad(byte[] bytes, int length, byte[] padding) => length < 0 || padding.Length == 0
        ? null
        : length <= bytes.Length ? bytes[..length] : [.. bytes, .. Repeat(padding, length - bytes.Length)];

    /// <summary>Pieces between delimiters; an empty delimiter splits into single bytes.</summary>
    [SqlFunction("SPLIT", Category = Category)]
    public static SqlArray<byte[]?> Split(byte[] bytes, byte[] delimiter)
    {
        if (delimiter.Length == 0)
        {
            return new SqlArray<byte[]?>(bytes.Length == 0 ? [[]] : [.. bytes.Select(b => new[] { b })]);
        }

        var pieces = new List<byte[]?>();
        var rest = bytes.AsSpan();
        for (var at = rest.IndexOf(delimiter); at >= 0; at = rest.IndexOf(delimiter))
        {
            pieces.Add(rest[..at].ToArray());
            rest = rest[(at + delimiter.Length)..];
        }

        pieces.Add(rest.ToArray());
        return new SqlArray<byte[]?>([.. pieces]);
    }

    /// <summary>From a 1-based position (negative from the end) to the end.</summary>
    [SqlFunction("SUBSTRING", Category = Category)]
    public static byte[] Substring(byte[] bytes, int position) => bytes[StringFunctions.StartOf(position, bytes.Length)..];

    /// <summary>So many bytes from a 1-based position (negative from the end); clamped to the bytes.</summary>
    [SqlFunction("SUBSTRING", Category = Category)]
    public static byte[] Substring(byte[] bytes, int position, int length)
    {
        var start = StringFunctions.StartOf(position, bytes.Length);
        return bytes[start..StringFunctions.EndOf(start, length, bytes.Length)];
    }

    /// <summary>16 bytes as the text of a UUID; null for another length.</summary>
    [SqlFunction("UUID", Category = Category)]
    public static string? Uuid(byte[] bytes) => bytes.Length == 16 ? new Guid(bytes, bigEndian: true).ToString() : null;

    /// <summary>8 bytes as a big-endian BIGINT.</summary>
    [SqlFunction("BIGINT_FROM_BYTES", Category = Category, Description = "8 bytes as a BIGINT.")]
    public static long BigIntFromBytes(byte[] bytes) => BinaryPrimitives.ReadInt64BigEndian(Exactly(bytes, 8));

    /// <summary>8 bytes as a BIGINT in a byte order: BIG_ENDIAN or LITTLE_ENDIAN.</summary>
    [SqlFunction("BIGINT_FROM_BYTES", Category = Category)]
    public static long BigIntFromBytes(byte[] bytes, string order) => BinaryPrimitives.ReadInt64BigEndian(InBigEndian(bytes, 8, order));

    /// <summary>4 bytes as a big-endian INT.</summary>
    [SqlFunction("INT_FROM_BYTES", Category = Category, Description = "4 bytes as an INT.")]
    public static int IntFromBytes(byte[] bytes) => BinaryPrimitives.ReadInt32BigEndian(Exactly(bytes, 4));

    /// <summary>4 bytes as an INT in a byte order: BIG_ENDIAN or LITTLE_ENDIAN.</summary>
    [SqlFunction("INT_FROM_BYTES", Category = Category)]
    public static int IntFromBytes(byte[] bytes, string order) => BinaryPrimitives.ReadInt32BigEndian(InBigEndian(bytes, 4, order));

    /// <summary>8 bytes as a big-endian DOUBLE.</summary>
    [SqlFunction("DOUBLE_FROM_BYTES", Category = Category, Description = "8 bytes as a DOUBLE.")]
    public static double DoubleFromBytes(byte[] bytes) => BinaryPrimitives.ReadDoubleBigEndian(Exactly(bytes, 8));

    /// <summary>8 bytes as a DOUBLE in a byte order: BIG_ENDIAN or LITTLE_ENDIAN.</summary>
    [SqlFunction("DOUBLE_FROM_BYTES", Category = Category)]
    public static double DoubleFromBytes(byte[] bytes, string order) => BinaryPrimitives.ReadDoubleBigEndian(InBigEndian(bytes, 8, order));

    private static byte[] Repeat(byte[] padding, int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
        {
            bytes[i] = padding[i % padding.Length];
        }

        return bytes;
    }

    private static byte[] Exactly(byte[] bytes, int length) => bytes.Length == length
        ? bytes
        : throw new SqlEvaluationException($"{length} bytes are needed, not {bytes.Length}.");

    private static byte[] InBigEndian(byte[] bytes, int length, string order) => order.ToUpperInvariant() switch
    {
        "BIG_ENDIAN" => Exactly(bytes, length),
        "LITTLE_ENDIAN" => [.. Exactly(bytes, length).AsEnumerable().Reverse()],
        _ => throw new SqlEvaluationException($"'{order}' is no byte order: use BIG_ENDIAN or LITTLE_ENDIAN."),
    };
}
