using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Analysis;

/// <summary>The columns every record has without declaring them.</summary>
internal static class SystemColumns
{
    public const string RowTime = "ROWTIME";
    public const string RowPartition = "ROWPARTITION";
    public const string RowOffset = "ROWOFFSET";
    public const string WindowStart = "WINDOWSTART";
    public const string WindowEnd = "WINDOWEND";

    /// <summary>The type of a system column, or null when the name is none.</summary>
    public static SqlType? TypeOf(string name) => name switch
    {
        RowTime or RowOffset or WindowStart or WindowEnd => SqlType.BigInt,
        RowPartition => SqlType.Integer,
        _ => null,
    };

    public static bool IsSystem(string name) => TypeOf(name) is not null;

    public static bool IsWindowBound(string name) => name is WindowStart or WindowEnd;

    /// <summary>Whether a column of a stage holds a system time, also under a join's prefix.</summary>
    public static bool IsTime(string name) =>
        name is RowTime or WindowStart or WindowEnd || name.EndsWith("_ROWTIME", StringComparison.Ordinal)
        || name.EndsWith("_WINDOWSTART", StringComparison.Ordinal) || name.EndsWith("_WINDOWEND", StringComparison.Ordinal);
}
