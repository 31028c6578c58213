namespace StreamFlow.Sql.Ast;

/// <summary>The words for units of time, singular and plural.</summary>
internal static class Units
{
    /// <summary>Reads a unit's name, ignoring case; false when it is none.</summary>
    public static bool TryParse(string text, out WindowUnit unit)
    {
        var name = text.ToUpperInvariant();
        (var known, unit) = (name.EndsWith('S') ? name[..^1] : name) switch
        {
            "MILLISECOND" => (true, WindowUnit.Milliseconds),
            "SECOND" => (true, WindowUnit.Seconds),
            "MINUTE" => (true, WindowUnit.Minutes),
            "HOUR" => (true, WindowUnit.Hours),
            "DAY" => (true, WindowUnit.Days),
            "MONTH" => (true, WindowUnit.Months),
            "YEAR" => (true, WindowUnit.Years),
            _ => (false, default),
        };
        return known;
    }
}
