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

    /// <summary>
    /// Ordinal of the column the reader's property names, or -1; exact names first, then the upper-cased property.
    /// Properties usually come in column order, so the one after the last found is tried first.
    /// </summary>
    public static int Find(ref Utf8JsonReader property, int expected, out bool exact)
    {
        exact = true;
        if (expected < Utf8.Length && property.ValueTextEquals(Utf8[expected]))
        {
            return expected;
        }

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
