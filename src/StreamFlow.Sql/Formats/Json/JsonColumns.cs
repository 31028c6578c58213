using System.Text;
using System.Text.Json;
using StreamFlow.Sql.Rows;

namespace StreamFlow.Sql.Formats.Json;

/// <summary>The column names of a row type as JSON needs them, made once a type.</summary>
internal static class JsonColumns<TRow>
    where TRow : struct, IRow<TRow>
{
    public static readonly JsonEncodedText[] Encoded =
        [.. TRow.Schema.Columns.Select(c => JsonEncodedText.Encode(c.Name, JsonText.Options.Encoder))];

    private static readonly byte[][] Utf8 = [.. TRow.Schema.Columns.Select(c => Encoding.UTF8.GetBytes(c.Name))];

    // Only a name in upper case can be met by another property than its exact one.
    private static readonly bool[] IsUpper = [.. TRow.Schema.Columns.Select(c => !c.Name.Any(char.IsLower))];

    private static readonly bool HasTwins =
        TRow.Schema.Columns.DistinctBy(c => c.Name.ToUpperInvariant()).Count() < TRow.Schema.Columns.Count;

    /// <summary>
    /// Ordinal of the column the reader's property names, or -1; exact names first, then the upper-cased property.
    /// Properties usually come in column order, so the one after the last found is tried first.
    /// </summary>
    public static int Find(ref Utf8JsonReader property, int expected, out bool exact)
    {
        var name = property.ValueSpan;
        if (property.ValueIsEscaped || !Ascii.IsValid(name))
        {
            return FindText(ref property, out exact);
        }

        if (!HasTwins && expected < Utf8.Length && IsUpper[expected] && Ascii.EqualsIgnoreCase(name, Utf8[expected]))
        {
            exact = name.SequenceEqual(Utf8[expected]);
            return expected;
        }

        var folded = -1;
        for (var i = 0; i < Utf8.Length; i++)
        {
            if (name.SequenceEqual(Utf8[i]))
            {
                exact = true;
                return i;
            }

            if (folded < 0 && IsUpper[i] && Ascii.EqualsIgnoreCase(name, Utf8[i]))
            {
                folded = i;
            }
        }

        exact = false;
        return folded;
    }

    private static int FindText(ref Utf8JsonReader property, out bool exact)
    {
        exact = true;
        for (var i = 0; i < Utf8.Length; i++)
        {
            if (property.ValueTextEquals(Utf8[i]))
            {
                return i;
            }
        }

        exact = false;
        return TRow.Schema.IndexOf(property.GetString()!.ToUpperInvariant());
    }
}
