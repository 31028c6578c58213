using System.Globalization;
using System.Text.Json;

namespace StreamFlow.Sql.Testing.Values;

/// <summary>A decoded key or value (or a part of one) in the form that expectations are compared with.</summary>
internal abstract record ActualValue
{
    public static ActualValue Null { get; } = new NullValue();

    public static ActualValue Integer(long value) => new NumberValue(NumberKind.Integer, value.ToString(CultureInfo.InvariantCulture));

    public static ActualValue Double(double value) => new NumberValue(NumberKind.Double, value.ToString("R", CultureInfo.InvariantCulture));
}

internal sealed record NullValue : ActualValue
{
    public override string ToString() => "null";
}

internal sealed record BooleanValue(bool Value) : ActualValue
{
    public override string ToString() => Value ? "true" : "false";
}

internal sealed record TextValue(string Value) : ActualValue
{
    public override string ToString() => JsonSerializer.Serialize(Value);
}

internal sealed record BytesValue(byte[] Value) : ActualValue
{
    public override string ToString() => $"\"{Convert.ToBase64String(Value)}\"";
}

/// <summary>What a number is decides how it is compared.</summary>
internal enum NumberKind
{
    /// <summary>Exactly, the expectation cut to an integer.</summary>
    Integer,

    /// <summary>Within 1e-6.</summary>
    Double,

    /// <summary>Value and scale.</summary>
    Decimal,
}

internal sealed record NumberValue(NumberKind Kind, string Text) : ActualValue
{
    public override string ToString() => Text;
}

internal sealed record ListValue(IReadOnlyList<ActualValue> Items) : ActualValue
{
    public override string ToString() => $"[{string.Join(",", Items)}]";
}

internal sealed record ObjectValue(IReadOnlyList<KeyValuePair<string, ActualValue>> Fields) : ActualValue
{
    public ActualValue? Find(string name)
    {
        foreach (var (key, value) in Fields)
        {
            if (key == name)
            {
                return value;
            }
        }

        return null;
    }

    public override string ToString() => $"{{{string.Join(",", Fields.Select(f => $"\"{f.Key}\":{f.Value}"))}}}";
}
