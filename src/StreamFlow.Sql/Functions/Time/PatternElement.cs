namespace StreamFlow.Sql.Functions.Time;

/// <summary>One piece of a compiled date-time pattern.</summary>
internal abstract record PatternElement
{
    /// <summary>Text that stands as it is.</summary>
    public sealed record Literal(string Text) : PatternElement;

    /// <summary>A number of a field, between two widths; <c>Reduced</c> is the two-digit year from 2000.</summary>
    public sealed record Number(PatternField Field, int MinWidth, int MaxWidth, bool Reduced = false) : PatternElement
    {
        public bool IsFixed => MinWidth == MaxWidth;
    }

    /// <summary>A fraction of a second with exactly so many digits.</summary>
    public sealed record Fraction(int Digits) : PatternElement;

    /// <summary>One of a list of words.</summary>
    public sealed record Word(PatternField Field, string[] Words, int FirstValue) : PatternElement;

    /// <summary>An offset like +0200; <c>Zero</c> is what stands for no offset.</summary>
    public sealed record Offset(string Form, string Zero) : PatternElement;

    /// <summary>A zone's id or name.</summary>
    public sealed record Zone(bool Name) : PatternElement;

    /// <summary>A section in brackets.</summary>
    public sealed record Optional(IReadOnlyList<PatternElement> Elements) : PatternElement;
}

/// <summary>The fields a pattern letter can mean.</summary>
internal enum PatternField
{
    Year,
    YearOfEra,
    Era,
    Quarter,
    Month,
    Day,
    DayOfYear,
    DayOfWeek,
    WeekYear,
    WeekOfYear,
    WeekOfMonth,
    AmPm,
    Hour24,
    Hour12,
    Hour11,
    Hour1To24,
    Minute,
    Second,
    Nano,
    MilliOfDay,
    NanoOfDay,
}
