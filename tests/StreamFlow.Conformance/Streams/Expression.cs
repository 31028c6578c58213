using System.Globalization;

namespace StreamFlow.Conformance.Streams;

/// <summary>An expression <c>source&gt;step&gt;step</c> over key and value (FORMAT section 4).</summary>
internal sealed class Expression
{
    private readonly Func<object?, object?, object?> _source;
    private readonly List<Func<object?, object?>> _steps = [];

    private Expression(string text)
    {
        var parts = text.Split('>');
        _source = parts[0] switch
        {
            "key" => static (k, _) => k,
            "value" => static (_, v) => v,
            "pair" => static (k, v) => Values.Text(k) + "/" + Values.Text(v),
            "null" => static (_, _) => null,
            var s when s.StartsWith("const:", StringComparison.Ordinal) => Constant(s["const:".Length..]),
            var s => throw new InvalidOperationException($"unknown source '{s}' in expression '{text}'"),
        };
        _steps.AddRange(parts.Skip(1).Select(Steps.Parse));
    }

    public static Expression Parse(string text) => new(text);

    public object? Evaluate(object? key, object? value)
    {
        var x = _source(key, value);
        foreach (var step in _steps)
        {
            x = step(x);
        }

        return x;
    }

    public bool Test(object? key, object? value) => Evaluate(key, value) is true;

    private static Func<object?, object?, object?> Constant(string text) => (_, _) => text;
}
