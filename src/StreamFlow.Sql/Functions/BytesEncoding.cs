using System.Text;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Functions;

/// <summary>The text encodings of bytes that ENCODE, FROM_BYTES and TO_BYTES know.</summary>
internal static class BytesEncoding
{
    private static readonly Encoding StrictUtf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false);

    public enum Kind
    {
        Hex,
        Utf8,
        Ascii,
        Base64,
    }

    public static Kind Of(string name) => name.ToUpperInvariant() switch
    {
        "HEX" => Kind.Hex,
        "UTF8" => Kind.Utf8,
        "ASCII" => Kind.Ascii,
        "BASE64" => Kind.Base64,
        _ => throw new SqlEvaluationException($"'{name}' is no encoding: use hex, utf8, ascii or base64."),
    };

    public static string ToText(byte[] bytes, Kind kind) => kind switch
    {
        Kind.Hex => Convert.ToHexStringLower(bytes),
        Kind.Utf8 => StrictUtf8.GetString(bytes),

        // Java shows every byte beyond ASCII as the replacement character, .NET as a question mark.
        Kind.Ascii => string.Create(bytes.Length, bytes, (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = source[i] < 0x80 ? (char)source[i] : '\uFFFD';
            }
        }),
        _ => Convert.ToBase64String(bytes),
    };

    public static byte[] ToBytes(string text, Kind kind)
    {
        try
        {
            return kind switch
            {
                Kind.Hex => Convert.FromHexString(BareHex(text)),
                Kind.Utf8 => StrictUtf8.GetBytes(text),
                Kind.Ascii => Encoding.ASCII.GetBytes(text),
                _ => Convert.FromBase64String(text),
            };
        }
        catch (FormatException e)
        {
            throw new SqlEvaluationException($"'{text}' is not {kind} text.", e);
        }
    }

    // 0x4578, X'4578' and bare digits; after 0x an odd count means that a leading zero was left out.
    private static string BareHex(string text)
    {
        if (text.StartsWith("0x", StringComparison.Ordinal))
        {
            return text.Length % 2 == 0 ? text[2..] : "0" + text[2..];
        }

        return text.Length >= 3 && text[0] is 'x' or 'X' && text[1] == '\'' && text[^1] == '\'' ? text[2..^1] : text;
    }
}
