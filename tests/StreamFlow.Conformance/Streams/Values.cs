using System.Globalization;
using StreamFlow.Streams;

namespace StreamFlow.Conformance.Streams;

/// <summary>The format's view of a value as text and as number (FORMAT section 3).</summary>
internal static class Values
{
    public static string Text(object? x) => x switch
    {
        null => "null",
        string s => s,
        long n => n.ToString(CultureInfo.InvariantCulture),
        int n => n.ToString(CultureInfo.InvariantCulture),
        double d => d.ToString("R", CultureInfo.InvariantCulture),
        RawBytes b => b.Hex,
        TextList l => string.Join(',', l.Items),
        _ when Windowed(x) is var (key, window) => string.Create(CultureInfo.InvariantCulture, $"{Text(key)}@{window.Start}-{window.End}"),
        bool b => b ? "true" : "false",
        _ => throw new InvalidOperationException($"no text for a {x.GetType()}"),
    };

    /// <summary>The parts of a windowed key, whose inner key may be windowed too; null for anything else.</summary>
    public static (object Key, Window Window)? Windowed(object? x) => x switch
    {
        Windowed<object> w => (w.Key, w.Window),
        Windowed<Windowed<object>> w => (w.Key, w.Window),
        _ => null,
    };

    public static long Num(object? x) => x switch
    {
        null => 0,
        long n => n,
        int n => n,
        double d => (long)Math.Floor(d),
        TextList l => l.Items.Count,
        string s => Parse(s),
        _ => 0,
    };

    private static long Parse(string s)
    {
        var digits = s.StartsWith('-') ? s.AsSpan(1) : s;
        return digits.Length is >= 1 and <= 18 && !digits.ContainsAnyExceptInRange('0', '9')
            ? long.Parse(s, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
            : 0;
    }
}
