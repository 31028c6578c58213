using System;

namespace StreamFlow.Protocol.Generator.Definitions;

/// <summary>A closed range of versions. An open end (<c>3+</c>) is <see cref="short.MaxValue"/>; nothing is <c>(0, -1)</c>.</summary>
internal readonly struct VersionRange(int lowest, int highest) : IEquatable<VersionRange>
{
    public static readonly VersionRange None = new(0, -1);
    public static readonly VersionRange All = new(0, short.MaxValue);

    public int Lowest { get; } = lowest;

    public int Highest { get; } = highest;

    public bool IsEmpty => Highest < Lowest;

    public bool Contains(int version) => version >= Lowest && version <= Highest;

    public bool Contains(VersionRange other) => other.IsEmpty || (other.Lowest >= Lowest && other.Highest <= Highest);

    public VersionRange Intersect(VersionRange other) => new(Math.Max(Lowest, other.Lowest), Math.Min(Highest, other.Highest));

    /// <summary>The smallest range that holds both.</summary>
    public VersionRange Hull(VersionRange other) =>
        IsEmpty ? other : other.IsEmpty ? this : new(Math.Min(Lowest, other.Lowest), Math.Max(Highest, other.Highest));

    /// <summary>Parses <c>3</c>, <c>3-7</c>, <c>3+</c> or <c>none</c>.</summary>
    public static bool TryParse(string text, out VersionRange range)
    {
        range = None;
        if (text == "none")
        {
            return true;
        }

        if (text.EndsWith("+", StringComparison.Ordinal))
        {
            var open = TryNumber(text.Substring(0, text.Length - 1), out var from);
            range = new(from, short.MaxValue);
            return open;
        }

        var dash = text.IndexOf('-');
        if (!TryNumber(dash < 0 ? text : text.Substring(0, dash), out var lowest))
        {
            return false;
        }

        var highest = lowest;
        if (dash >= 0 && (!TryNumber(text.Substring(dash + 1), out highest) || highest < lowest))
        {
            return false;
        }

        range = new(lowest, highest);
        return true;
    }

    public bool Equals(VersionRange other) => (IsEmpty && other.IsEmpty) || (Lowest == other.Lowest && Highest == other.Highest);

    public override bool Equals(object? obj) => obj is VersionRange other && Equals(other);

    public override int GetHashCode() => IsEmpty ? 0 : (Lowest * 31) + Highest;

    public override string ToString() =>
        IsEmpty ? "none" : Highest == short.MaxValue ? $"{Lowest}+" : Lowest == Highest ? $"{Lowest}" : $"{Lowest}-{Highest}";

    private static bool TryNumber(string text, out int number)
    {
        number = 0;
        return text.Length is > 0 and < 6 && char.IsDigit(text[0]) && int.TryParse(text, out number) && number < short.MaxValue;
    }
}
