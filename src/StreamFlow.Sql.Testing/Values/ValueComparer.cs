using System.Globalization;
using System.Text.Json;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Testing.Values;

/// <summary>Compares an expectation with what came out; the kind of the expectation decides the rule (FORMAT.md, section 6).</summary>
internal sealed class ValueComparer(bool exactNumbers)
{
    private const double Tolerance = 1e-6;

    public bool Matches(JsonElement? expected, ActualValue? actual)
    {
        if (expected is not { } node || node.ValueKind == JsonValueKind.Null)
        {
            return actual is null or NullValue;
        }

        return node.ValueKind switch
        {
            JsonValueKind.Object => actual is ObjectValue o && MatchesObject(node, o),
            JsonValueKind.Array => actual is ListValue l && MatchesArray(node, l),
            JsonValueKind.String => MatchesText(node.GetString()!, actual),
            JsonValueKind.True or JsonValueKind.False => actual is BooleanValue b && b.Value == node.GetBoolean(),
            _ => actual is NumberValue n && MatchesNumber(node.GetRawText(), n),
        };
    }

    private bool MatchesObject(JsonElement expected, ObjectValue actual)
    {
        var count = 0;
        foreach (var field in expected.EnumerateObject())
        {
            count++;
            var value = actual.Find(field.Name) ?? actual.Find(field.Name.ToUpperInvariant());
            if (!Matches(field.Value, value))
            {
                return false;
            }
        }

        return count == actual.Fields.Count;
    }

    private bool MatchesArray(JsonElement expected, ListValue actual)
    {
        if (expected.GetArrayLength() != actual.Items.Count)
        {
            return false;
        }

        var i = 0;
        foreach (var item in expected.EnumerateArray())
        {
            if (!Matches(item, actual.Items[i++]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool MatchesText(string expected, ActualValue? actual) => actual switch
    {
        TextValue t => t.Value == expected,
        BytesValue b => Convert.ToBase64String(b.Value) == expected,
        NumberValue { Kind: NumberKind.Decimal } d => SameDecimal(expected, d.Text),
        NumberValue { Kind: NumberKind.Double } d => SqlText.Of(double.Parse(d.Text, CultureInfo.InvariantCulture)) == expected,
        _ => false,
    };

    private bool MatchesNumber(string expected, NumberValue actual)
    {
        if (actual.Kind == NumberKind.Integer)
        {
            return SqlDecimal.TryParse(expected, out var wanted) && wanted.Rescale(0, SqlRounding.Down).ToString() == actual.Text;
        }

        if (actual.Kind == NumberKind.Decimal && exactNumbers)
        {
            return SameDecimal(expected, actual.Text);
        }

        var (left, right) = (double.Parse(expected, CultureInfo.InvariantCulture), double.Parse(actual.Text, CultureInfo.InvariantCulture));
        return left.Equals(right) || Math.Abs(left - right) <= Tolerance * Math.Max(1, Math.Abs(left));
    }

    private static bool SameDecimal(string expected, string actual) =>
        SqlDecimal.TryParse(expected, out var left) && SqlDecimal.TryParse(actual, out var right)
            && left == right && left.Scale == right.Scale;
}
