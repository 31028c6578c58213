using System.Globalization;
using static StreamFlow.Conformance.Streams.Values;

namespace StreamFlow.Conformance.Streams;

/// <summary>Initial values, aggregators, reducers, mergers and joiners (FORMAT section 5).</summary>
internal static class Folds
{
    public static Func<object?> Initial(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var argument = colon < 0 ? string.Empty : text[(colon + 1)..];
        object? value = (colon < 0 ? text : text[..colon]) switch
        {
            "long" => long.Parse(argument, CultureInfo.InvariantCulture),
            "double" => double.Parse(argument, CultureInfo.InvariantCulture),
            "string" => argument,
            "list" => new TextList([]),
            "null" => null,
            _ => throw new InvalidOperationException($"unknown initial value '{text}'"),
        };
        return () => value;
    }

    public static Func<object?, object?, object?, object?> Aggregator(string text) => text switch
    {
        "count" => static (_, _, a) => Num(a) + 1,
        "uncount" => static (_, _, a) => Num(a) - 1, // not of the format: what a count of a table does with a row that leaves
        "add" => static (_, v, a) => Num(a) + Num(v),
        "subtract" => static (_, v, a) => Num(a) - Num(v),
        "add-double" => static (_, v, a) => Number(a) + Number(v),
        "concat" => static (_, v, a) => a + Tilde(v),
        "concat-key" => static (k, v, a) => a + Text(k) + Tilde(v),
        "unconcat" => static (_, v, a) => Cut((string?)a, Tilde(v)),
        "append" => static (_, v, a) => new TextList([.. Items(a), Text(v)]),
        "remove" => static (_, v, a) => Remove((TextList?)a, Text(v)),
        "max" => static (_, v, a) => v is null ? a : a is null ? Num(v) : (object)Math.Max(Num(a), Num(v)),
        "min" => static (_, v, a) => v is null ? a : a is null ? Num(v) : (object)Math.Min(Num(a), Num(v)),
        _ when Limit(text, "concat-until:") is { } n => (_, v, a) => Within(a + Tilde(v), n),
        _ => throw new InvalidOperationException($"unknown aggregator '{text}'"),
    };

    public static Func<object?, object?, object?> Reducer(string text) => text switch
    {
        "add" => static (a, b) => a is null ? b : b is null ? a : Arithmetic(a, b, 1),
        "subtract" => static (a, b) => a is null ? b : b is null ? a : Arithmetic(a, b, -1),
        "concat" => static (a, b) => Tilde(a) + Tilde(b),
        "max" => static (a, b) => a is null ? b : b is null ? a : Compare(a, b) >= 0 ? a : b,
        "min" => static (a, b) => a is null ? b : b is null ? a : Compare(a, b) <= 0 ? a : b,
        "first" => static (a, _) => a,
        "last" => static (_, b) => b,
        _ when Limit(text, "concat-until:") is { } n => (a, b) => Within(Tilde(a) + Tilde(b), n),
        _ => throw new InvalidOperationException($"unknown reducer '{text}'"),
    };

    public static Func<object?, object?, object?, object?> Merger(string text) => text switch
    {
        "merge-add" => static (_, a, b) => Num(a) + Num(b),
        "merge-max" => static (_, a, b) => a is null ? b : b is null ? a : Math.Max(Num(a), Num(b)),
        "merge-concat" => static (_, a, b) => (string?)a + (string?)b,
        "merge-list" => static (_, a, b) => new TextList([.. Items(a), .. Items(b)]),
        _ => throw new InvalidOperationException($"unknown merger '{text}'"),
    };

    /// <summary>A joiner over (key, left, right).</summary>
    public static Func<object?, object?, object?, object?> Joiner(string text) => text switch
    {
        "pair" => static (_, l, r) => Pair(l, r),
        "key-pair" => static (k, l, r) => Text(k) + ":" + Pair(l, r),
        "sum" => static (_, l, r) => Num(l) + Num(r),
        "right" => static (_, _, r) => r,
        "either" => static (_, l, r) => l ?? r,
        "null-if-same" => static (_, l, r) => Text(l) == Text(r) ? null : Pair(l, r),
        "list" => static (_, l, r) => new TextList([Text(l), Text(r)]),
        _ => throw new InvalidOperationException($"unknown joiner '{text}'"),
    };

    private static string Pair(object? l, object? r) => "(" + Text(l) + "," + Text(r) + ")";

    private static string Tilde(object? v) => v is null ? "~" : Text(v);

    private static double Number(object? v) => v switch { null => 0, double d => d, _ => Num(v) };

    private static IReadOnlyList<string> Items(object? list) => ((TextList?)list)?.Items ?? [];

    private static object Arithmetic(object a, object b, int sign) => (a, b) switch
    {
        (double x, double y) => (object)(x + (sign * y)),
        (int x, int y) => unchecked(x + (sign * y)),
        _ => Num(a) + (sign * Num(b)),
    };

    private static int Compare(object a, object b) => (a, b) switch
    {
        (string x, string y) => string.CompareOrdinal(x, y),
        (double x, double y) => x.CompareTo(y),
        _ => Num(a).CompareTo(Num(b)),
    };

    private static string? Cut(string? a, string part)
    {
        var at = a?.IndexOf(part, StringComparison.Ordinal) ?? -1;
        return at < 0 ? a : a!.Remove(at, part.Length);
    }

    private static TextList? Remove(TextList? list, string item)
    {
        if (list is null)
        {
            return null;
        }

        var items = list.Items.ToList();
        items.Remove(item);
        return new TextList(items);
    }

    private static int? Limit(string text, string prefix) =>
        text.StartsWith(prefix, StringComparison.Ordinal) ? int.Parse(text.AsSpan(prefix.Length), CultureInfo.InvariantCulture) : null;

    private static string? Within(string text, int limit) => text.Length > limit ? null : text;
}
