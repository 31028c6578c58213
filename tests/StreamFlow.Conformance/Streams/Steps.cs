using System.Globalization;
using StreamFlow.Streams;
using static StreamFlow.Conformance.Streams.Values;

namespace StreamFlow.Conformance.Streams;

/// <summary>The steps of expressions (FORMAT section 4).</summary>
internal static class Steps
{
    public static Func<object?, object?> Parse(string step)
    {
        var colon = step.IndexOf(':', StringComparison.Ordinal);
        var word = colon < 0 ? step : step[..colon];
        var argument = colon < 0 ? string.Empty : step[(colon + 1)..];
        return Test(word, argument) ?? (Value(word, argument) is { } map ? x => x is null ? null : map(x) : NullAware(word, argument))
            ?? throw new InvalidOperationException($"unknown step '{step}'");
    }

    private static long Number(string argument) => long.Parse(argument, CultureInfo.InvariantCulture);

    private static long FloorMod(long x, long n) => x - (n * (long)Math.Floor((double)x / n));

    private static (long Modulus, long Remainder) Modulus(string argument)
    {
        var parts = argument.Split(':');
        return (Number(parts[0]), Number(parts[1]));
    }

    private static Func<object?, object?>? NullAware(string word, string argument) => word switch
    {
        "default" => x => x ?? argument,
        "is-null" => static x => x is null,
        "not-null" => static x => x is not null,
        "not" => static x => x is not true,
        _ => null,
    };

    /// <summary>Tests; null gives false.</summary>
    private static Func<object?, object?>? Test(string word, string argument)
    {
        Func<object, bool>? test = word switch
        {
            "gt" => x => Num(x) > Number(argument),
            "lt" => x => Num(x) < Number(argument),
            "eq" => x => Text(x) == argument,
            "starts" => x => Text(x).StartsWith(argument, StringComparison.Ordinal),
            "contains" => x => Text(x).Contains(argument, StringComparison.Ordinal),
            "longer" => x => Text(x).Length > Number(argument),
            "mod-is" => x => FloorMod(Num(x), Modulus(argument).Modulus) == Modulus(argument).Remainder,
            _ => null,
        };
        return test is null ? null : x => x is not null && test(x);
    }

    /// <summary>Steps that give null for null.</summary>
    private static Func<object, object?>? Value(string word, string argument) => word switch
    {
        "text" => static x => Text(x),
        "long" => static x => Num(x),
        "int" => static x => unchecked((int)Num(x)),
        "double" => static x => x is double ? x : (object)(double)Num(x),
        "upper" => static x => Text(x).ToUpperInvariant(),
        "lower" => static x => Text(x).ToLowerInvariant(),
        "reverse" => static x => new string([.. Text(x).Reverse()]),
        "prefix" => x => argument + Text(x),
        "suffix" => x => Text(x) + argument,
        "first" => x => Text(x) is var t && t.Length > Number(argument) ? t[..(int)Number(argument)] : Text(x),
        "length" => static x => (long)Text(x).Length,
        "field" => x => Field(Text(x), (int)Number(argument)),
        "add" or "times" or "mod" => x => Arithmetic(word, x, Number(argument)),
        "words" => static x => Text(x) is { Length: > 0 } t ? new TextList(t.Split(' ')) : new TextList([]),
        "split" => x => Text(x) is { Length: > 0 } t ? new TextList(t.Split(argument)) : new TextList([]),
        "letters" => static x => new TextList([.. Text(x).Select(c => c.ToString())]),
        "repeat" => x => new Repeated(x, (int)Number(argument)),
        "inner" => static x => Values.Windowed(x)!.Value.Key,
        "window-start" => static x => Values.Windowed(x)!.Value.Window.Start,
        "window-end" => static x => Values.Windowed(x)!.Value.Window.End,
        _ => Conditional(word, argument),
    };

    private static Func<object, object?>? Conditional(string word, string argument) => word switch
    {
        "null-if" => x => Text(x) == argument ? null : x,
        "null-if-starts" => x => Text(x).StartsWith(argument, StringComparison.Ordinal) ? null : x,
        "null-if-gt" => x => Num(x) > Number(argument) ? null : x,
        "null-if-mod" => x => FloorMod(Num(x), Modulus(argument).Modulus) == Modulus(argument).Remainder ? null : x,
        "throw-if-starts" => x => Text(x).StartsWith(argument, StringComparison.Ordinal)
            ? throw new InvalidOperationException("thrown by the case")
            : x,
        "throw-if-gt" => x => Num(x) > Number(argument) ? throw new InvalidOperationException("thrown by the case") : x,
        _ => null,
    };

    private static string? Field(string text, int index)
    {
        var parts = text.Split('|');
        return index < parts.Length && parts[index].Length > 0 ? parts[index] : null;
    }

    private static object Arithmetic(string word, object x, long n) => x switch
    {
        int i => (object)unchecked(word switch { "add" => i + (int)n, "times" => i * (int)n, _ => (int)FloorMod(i, n) }),
        double d => word switch { "add" => d + n, "times" => d * n, _ => d - (n * Math.Floor(d / n)) },
        _ => unchecked(word switch { "add" => Num(x) + n, "times" => Num(x) * n, _ => FloorMod(Num(x), n) }),
    };
}
