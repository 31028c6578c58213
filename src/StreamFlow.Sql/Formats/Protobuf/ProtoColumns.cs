using System.Runtime.CompilerServices;
using StreamFlow.Sql.Rows;

namespace StreamFlow.Sql.Formats.Protobuf;

/// <summary>Which column of a row type each field of a message is; worked out once a message.</summary>
internal static class ProtoColumns<TRow>
    where TRow : struct, IRow<TRow>
{
    private static readonly ConditionalWeakTable<ProtoMessage, int[]> Known = [];

    /// <summary>Ordinals by field, -1 where the row has no such column: exact names first, then without regard to case.</summary>
    public static int[] Of(ProtoMessage message) => Known.GetValue(message, static m => [.. m.Fields.Select(f => Find(f.Name))]);

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
