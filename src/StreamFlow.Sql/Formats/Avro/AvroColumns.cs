using System.Runtime.CompilerServices;
using StreamFlow.Sql.Rows;

namespace StreamFlow.Sql.Formats.Avro;

/// <summary>Which column of a row type each field of a record schema is; worked out once a schema.</summary>
internal static class AvroColumns<TRow>
    where TRow : struct, IRow<TRow>
{
    private static readonly ConditionalWeakTable<AvroSchema, int[]> Known = [];

    /// <summary>Ordinals by field, -1 where the row has no such column: exact names first, then without regard to case.</summary>
    public static int[] Of(AvroSchema record) => Known.GetValue(record, static r => [.. r.Fields.Select(f => Find(f.Name))]);

    private static int Find(string field)
    {
        var exact = TRow.Schema.IndexOf(field);
        if (exact >= 0)
        {
            return exact;
        }

        for (var i = 0; i < TRow.Schema.Count; i++)
        {
            if (TRow.Schema[i].Name.Equals(field, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }
}
