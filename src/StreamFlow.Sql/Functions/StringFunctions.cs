using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Functions;

/// <summary>Functions over STRING (section 17.4 of the language reference). Lengths and positions count UTF-16 units.</summary>
public static class StringFunctions
{
    private const string Category = "STRING";

    /// <summary>The character of a code point; null when there is none.</summary>
    [SqlFunction("CHR", Category = Category, Description = "The character of a code point, or of an escape like \\u00e9.")]
    public static string? Chr(int codePoint) => codePoint is >= 0 and <= 0x10FFFF
        ? codePoint is >= 0xD800 and <= 0xDFFF ? ((char)codePoint).ToString() : char.ConvertFromUtf32(codePoint)
        : null;

    /// <summary>The characters of an escape <c>\uXXXX</c> (or several); null when it is none.</summary>
    [SqlFunction("CHR", Category = Category)]
    public static string? Chr(string escape)
    {
        if (escape.Length == 0 || escape.Length % 6 != 0)
        {
            return null;
        }

        var text = new StringBuilder();
        for (var i = 0; i < escape.Length; i += 6)
        {
            if (escape[i] != '\\' || escape[i + 1] != 'u'
                || !ushort.TryParse(escape.AsSpan(i + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
            {
                return null;
            }

            text.Append((char)unit);
        }

        return text.ToString();
    }

    /// <summary>The texts one after the other; nulls are skipped.</summary>
    [SqlFunction("CONCAT", Category = Category, Description = "Joins texts; nulls are skipped.")]
    public static string Concat(string? first, params ReadOnlySpan<string?> others) => string.Concat(first, string.Concat(others));

    /// <summary>The texts with a separator between them; null items are skipped.</summary>
    [SqlFunction("CONCAT_WS", Category = Category, Description = "Joins texts with a separator; nulls are skipped.")]
    public static string ConcatWs(string separator, string? first, params ReadOnlySpan<string?> others)
    {
        var text = new StringBuilder(first);
        var some = first is not null;
        foreach (var other in others)
        {
            if (other is not null)
            {
                text.Append(some ? separator : string.Empty).Append(other);
                some = true;
            }
        }

        return text.ToString();
    }

    /// <summary>The n-th of the texts, 1-based; null when out of range.</summary>
    [SqlFunction("ELT", Category = Category, Description = "The n-th of the following arguments.")]
    public static string? Elt(int n, params ReadOnlySpan<string?> texts) => n >= 1 && n <= texts.Length ? texts[n - 1] : null;

    /// <summary>1-based position of the text among the others; 0 when it is null or absent.</summary>
    [SqlFunction("FIELD", Category = Category, Description = "Position of the first argument among the following ones.")]
    public static int Field(string? text, params ReadOnlySpan<string?> others) => text is null ? 0 : others.IndexOf(text) + 1;

    /// <summary>Words with an upper-case first letter and the rest lower.</summary>
    [SqlFunction("INITCAP", Category = Category, Description = "Capitalises words.")]
    public static string Initcap(string text)
    {
        var chars = text.ToLowerInvariant().ToCharArray();
        for (var i = 0; i < chars.Length; i++)
        {
            if (i == 0 || char.IsWhiteSpace(chars[i - 1]))
            {
                chars[i] = char.ToUpperInvariant(chars[i]);
            }
        }

        return new string(chars);
    }

    /// <summary>1-based position of a part; 0 when absent or an argument is null.</summary>
    [SqlFunction("INSTR", Category = Category, Description = "Position of a part in a text; 0 when absent.")]
    public static int Instr(string? text, string? part) => Instr(text, part, 1, 1);

    /// <summary>1-based position of a part from a position on; a negative position searches backward from the end.</summary>
    [SqlFunction("INSTR", Category = Category)]
    public static int Instr(string? text, string? part, int? position) => Instr(text, part, position, 1);

    /// <summary>1-based position of an occurrence of a part from a position on.</summary>
    [SqlFunction("INSTR", Category = Category)]
    public static int Instr(string? text, string? part, int? position, int? occurrence)
    {
        if (text is null || part is null || position is not { } from || occurrence is not { } wanted || wanted < 1)
        {
            return 0;
        }

        var forward = from >= 0;
        var at = forward ? Math.Max(from - 1, 0) : text.Length + from;
        var found = -1;
        for (; wanted > 0; wanted--)
        {
            found = forward ? IndexOf(text, part, at) : LastIndexOf(text, part, at);
            if (found < 0)
            {
                return 0;
            }

            at = forward ? found + 1 : found - 1;
        }

        return found + 1;
    }

    /// <summary>Lower case.</summary>
    [SqlFunction("LCASE", Category = Category, Description = "Lower case.")]
    public static string Lcase(string text) => text.ToLowerInvariant();

    /// <summary>Upper case.</summary>
    [SqlFunction("UCASE", Category = Category, Description = "Upper case.")]
    public static string Ucase(string text) => text.ToUpperInvariant();

    /// <summary>Without spaces and control characters at both ends.</summary>
    [SqlFunction("TRIM", Category = Category, Description = "Cuts spaces off both ends.")]
    public static string Trim(string text)
    {
        var span = text.AsSpan();
        while (span.Length > 0 && span[0] <= ' ')
        {
            span = span[1..];
        }

        while (span.Length > 0 && span[^1] <= ' ')
        {
            span = span[..^1];
        }

        return span.Length == text.Length ? text : span.ToString();
    }

    /// <summary>Length in UTF-16 units.</summary>
    [SqlFunction("LEN", Category = Category, Description = "Length of a text or of bytes.")]
    public static int Len(string text) => text.Length;

    /// <summary>Padded on the left, or cut, to a length; null for a negative length or empty padding.</summary>
    [SqlFunction("LPAD", Category = Category, Description = "Pads on the left to a length.")]
    public static string? Lpad(string text, int length, string padding) => length < 0 || padding.Length == 0
        ? null
        : length <= text.Length ? text[..length] : string.Concat(Repeat(padding, length - text.Length), text);

    /// <summary>Padded on the right, or cut, to a length; null for a negative length or empty padding.</summary>
    [SqlFunction("RPAD", Category = Category, Description = "Pads on the right to a length.")]
    public static string? Rpad(string text, int length, string padding) => length < 0 || padding.Length == 0
        ? null
        : length <= text.Length ? text[..length] : string.Concat(text, Repeat(padding, length - text.Length));

    /// <summary>MD5 digest in lower-case hex.</summary>
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5351", Justification = "MD5 is what the function is named after.")]
    [SqlFunction("MD5", Category = Category, Description = "MD5 digest in hex.")]
    public static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>All occurrences replaced.</summary>
    [SqlFunction("REPLACE", Category = Category, Description = "Replaces all occurrences of a part.")]
    public static string Replace(string text, string oldPart, string newPart)
    {
        if (oldPart.Length > 0)
        {
            return text.Replace(oldPart, newPart, StringComparison.Ordinal);
        }

        // An empty part stands before every character and at the end.
        return newPart + string.Concat(text.Select(c => c + newPart));
    }

    /// <summary>Pieces between delimiters; an empty delimiter splits into characters.</summary>
    [SqlFunction("SPLIT", Category = Category, Description = "Splits at a delimiter.")]
    public static SqlArray<string?> Split(string text, string delimiter) => delimiter.Length == 0
        ? new SqlArray<string?>(text.Length == 0 ? [string.Empty] : [.. text.Select(c => c.ToString())])
        : new SqlArray<string?>([.. text.Split(delimiter)]);

    /// <summary>Entries between delimiters as a map; entries without a value are dropped, the last of a key wins.</summary>
    [SqlFunction("SPLIT_TO_MAP", Category = Category, Description = "Splits a text like a=1;b=2 into a map.")]
    public static SqlMap<string, string?>? SplitToMap(string text, string entryDelimiter, string valueDelimiter)
    {
        if (entryDelimiter.Length == 0 || valueDelimiter.Length == 0 || entryDelimiter == valueDelimiter)
        {
            return null;
        }

        var map = new OrderedDictionary<string, string?>();
        foreach (var entry in text.Split(entryDelimiter, StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = entry.Split(valueDelimiter, StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length >= 2)
            {
                map[parts[0]] = parts[1];
            }
        }

        return new SqlMap<string, string?>(map);
    }

    /// <summary>From a 1-based position (negative from the end) to the end.</summary>
    [SqlFunction("SUBSTRING", Category = Category, Description = "A part of a text or of bytes, by 1-based position and length.")]
    public static string Substring(string text, int position) => text[StartOf(position, text.Length)..];

    /// <summary>So many characters from a 1-based position (negative from the end); clamped to the text.</summary>
    [SqlFunction("SUBSTRING", Category = Category)]
    public static string Substring(string text, int position, int length)
    {
        var start = StartOf(position, text.Length);
        return text[start..EndOf(start, length, text.Length)];
    }

    /// <summary>A random UUID (version 4).</summary>
    [SqlFunction("UUID", Category = Category, Description = "A random UUID, or 16 bytes as a UUID.")]
    public static string Uuid(SqlFunctionContext context)
    {
        Span<byte> bytes = stackalloc byte[16];
        context.Random.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    internal static int StartOf(int position, int length) =>
        position < 0 ? Math.Max(length + position, 0) : Math.Clamp(position - 1, 0, length);

    internal static int EndOf(int start, int count, int length) => (int)Math.Clamp((long)start + count, start, length);

    private static int IndexOf(string text, string part, int from) =>
        from > text.Length ? -1 : text.IndexOf(part, from, StringComparison.Ordinal);

    private static int LastIndexOf(string text, string part, int from)
    {
        for (var at = Math.Min(from, text.Length - part.Length); at >= 0; at--)
        {
            if (text.AsSpan(at).StartsWith(part, StringComparison.Ordinal))
            {
                return at;
            }
        }

        return -1;
    }

    private static string Repeat(string padding, int length) => string.Create(length, padding, (span, pad) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = pad[i % pad.Length];
        }
    });
}
