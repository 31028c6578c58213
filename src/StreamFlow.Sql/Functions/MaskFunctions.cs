using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Functions;

/// <summary>
/// Functions that hide text (section 17.4 of the language reference): upper-case letters become <c>X</c>, lower-case <c>x</c>, digits
/// <c>n</c>, others <c>-</c>. Four more arguments replace these characters; a null one keeps the text's own.
/// </summary>
public static class MaskFunctions
{
    private const string Category = "STRING";

    /// <summary>Hides the whole text.</summary>
    [SqlFunction("MASK", Category = Category, Description = "Hides a text behind mask characters.")]
    public static string? Mask(string? text) => Mask(text, "X", "x", "n", "-");

    /// <summary>Hides the whole text behind the given characters.</summary>
    [SqlFunction("MASK", Category = Category)]
    public static string? Mask(string? text, string? upper, string? lower, string? digit, string? other) =>
        Apply(text, new Masks(upper, lower, digit, other), (_, _) => true);

    /// <summary>Hides the first n characters.</summary>
    [SqlFunction("MASK_LEFT", Category = Category, Description = "Hides the first n characters.")]
    public static string? MaskLeft(string? text, int n) => MaskLeft(text, n, "X", "x", "n", "-");

    /// <summary>Hides the first n characters behind the given ones.</summary>
    [SqlFunction("MASK_LEFT", Category = Category)]
    public static string? MaskLeft(string? text, int n, string? upper, string? lower, string? digit, string? other)
    {
        var count = Count(n);
        return Apply(text, new Masks(upper, lower, digit, other), (i, _) => i < count);
    }

    /// <summary>Hides the last n characters.</summary>
    [SqlFunction("MASK_RIGHT", Category = Category, Description = "Hides the last n characters.")]
    public static string? MaskRight(string? text, int n) => MaskRight(text, n, "X", "x", "n", "-");

    /// <summary>Hides the last n characters behind the given ones.</summary>
    [SqlFunction("MASK_RIGHT", Category = Category)]
    public static string? MaskRight(string? text, int n, string? upper, string? lower, string? digit, string? other)
    {
        var count = Count(n);
        return Apply(text, new Masks(upper, lower, digit, other), (i, length) => i >= length - count);
    }

    /// <summary>Hides all but the first n characters.</summary>
    [SqlFunction("MASK_KEEP_LEFT", Category = Category, Description = "Hides all but the first n characters.")]
    public static string? MaskKeepLeft(string? text, int n) => MaskKeepLeft(text, n, "X", "x", "n", "-");

    /// <summary>Hides all but the first n characters behind the given ones.</summary>
    [SqlFunction("MASK_KEEP_LEFT", Category = Category)]
    public static string? MaskKeepLeft(string? text, int n, string? upper, string? lower, string? digit, string? other)
    {
        var count = Count(n);
        return Apply(text, new Masks(upper, lower, digit, other), (i, _) => i >= count);
    }

    /// <summary>Hides all but the last n characters.</summary>
    [SqlFunction("MASK_KEEP_RIGHT", Category = Category, Description = "Hides all but the last n characters.")]
    public static string? MaskKeepRight(string? text, int n) => MaskKeepRight(text, n, "X", "x", "n", "-");

    /// <summary>Hides all but the last n characters behind the given ones.</summary>
    [SqlFunction("MASK_KEEP_RIGHT", Category = Category)]
    public static string? MaskKeepRight(string? text, int n, string? upper, string? lower, string? digit, string? other)
    {
        var count = Count(n);
        return Apply(text, new Masks(upper, lower, digit, other), (i, length) => i < length - count);
    }

    private static int Count(int n) => n >= 0 ? n : throw new SqlEvaluationException($"A number of characters cannot be {n}.");

    private static string? Apply(string? text, Masks masks, Func<int, int, bool> hidden)
    {
        if (text is null)
        {
            return null;
        }

        var chars = text.ToCharArray();
        for (var i = 0; i < chars.Length; i++)
        {
            chars[i] = hidden(i, chars.Length) ? masks.Hide(chars[i]) : chars[i];
        }

        return new string(chars);
    }

    private readonly struct Masks(string? upper, string? lower, string? digit, string? other)
    {
        private readonly char? _upper = One(upper);
        private readonly char? _lower = One(lower);
        private readonly char? _digit = One(digit);
        private readonly char? _other = One(other);

        public char Hide(char c) => (char.IsUpper(c) ? _upper : char.IsLower(c) ? _lower : char.IsDigit(c) ? _digit : _other) ?? c;

        private static char? One(string? mask) => mask is null
            ? null
            : mask.Length == 1 ? mask[0] : throw new SqlEvaluationException($"A mask is one character, not '{mask}'.");
    }
}
