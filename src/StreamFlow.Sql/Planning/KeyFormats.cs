using StreamFlow.Sql.Formats;

namespace StreamFlow.Sql.Planning;

/// <summary>Chooses the key format of internal topics and results.</summary>
internal static class KeyFormats
{
    /// <summary>The format if it holds the key columns, else JSON.</summary>
    public static FormatSpec For(FormatSpec format, IReadOnlyList<PlanColumn> key)
    {
        var fits = key.Count == 0 || (format.Name != "NONE" && CanHold(format.Name, key));
        return WithColumns(fits ? format : new FormatSpec("JSON"), key.Count);
    }

    /// <summary>Whether a format holds the key columns.</summary>
    public static bool CanHold(string format, IReadOnlyList<PlanColumn> key)
    {
        var traits = FormatTraits.Find(format);
        return traits is not null && (key.Count <= 1 || traits.MultiColumnKeys) && key.All(c => traits.Holds(c.Type));
    }

    /// <summary>The format for so many key columns: a single one is written bare where the format can.</summary>
    public static FormatSpec WithColumns(FormatSpec format, int count) => count == 0
        ? new FormatSpec("NONE")
        : format with { Unwrapped = count == 1 && FormatTraits.Find(format.Name) is { CanUnwrap: true } };
}
