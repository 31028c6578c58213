using StreamFlow.Sql.Formats;

namespace StreamFlow.Sql.Planning;

/// <summary>Chooses the key format of internal topics and results.</summary>
internal static class KeyFormats
{
    /// <summary>
    /// The format that the key of a result inherits: NONE becomes the default, a format of single columns becomes JSON for several.
    /// Whether it holds the types is for the sink to check.
    /// </summary>
    /// <param name="format">The left-most source's format.</param>
    /// <param name="key">The new key's columns.</param>
    /// <param name="fallback">The default key format.</param>
    public static FormatSpec Inherited(FormatSpec format, IReadOnlyList<PlanColumn> key, string fallback)
    {
        var chosen = format.Name == "NONE" ? new FormatSpec(fallback.ToUpperInvariant()) : format with { SchemaId = null };
        var single = key.Count > 1 && FormatTraits.Find(chosen.Name) is { MultiColumnKeys: false };
        return WithColumns(single ? new FormatSpec("JSON") : chosen, key.Count);
    }

    /// <summary>
    /// The format for topics that only the query itself reads: the inherited one, or JSON if that does not hold the key, or writes the
    /// topic's schema or column names into it, so that equal keys of two topics are not the same bytes.
    /// </summary>
    public static FormatSpec Internal(FormatSpec format, IReadOnlyList<PlanColumn> key, string fallback)
    {
        var inherited = Inherited(format, key, fallback);
        var isFit = key.Count == 0
            || (FormatTraits.Find(inherited.Name) is { UsesRegistry: false, CanUnwrap: true } traits && key.All(c => traits.Holds(c.Type)));
        return isFit ? inherited : WithColumns(new FormatSpec("JSON"), key.Count);
    }

    /// <summary>Whether keys of both formats are the same bytes, so that equal keys are in partitions of the same number.</summary>
    public static bool AreSameBytes(FormatSpec left, FormatSpec right) =>
        left with { SchemaId = null } == right with { SchemaId = null };

    private static FormatSpec WithColumns(FormatSpec format, int count) => count == 0
        ? new FormatSpec("NONE")
        : format with { Unwrapped = count == 1 && FormatTraits.Find(format.Name) is { CanUnwrap: true } };
}
