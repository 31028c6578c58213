using System.Globalization;
using System.Text.Json;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Functions;

/// <summary>The subset of JSONPath that EXTRACTJSONFIELD knows: <c>$</c>, then <c>.name</c>, <c>["name"]</c> and <c>[index]</c>.</summary>
internal sealed class JsonPath
{
    [ThreadStatic]
    private static JsonPath? _last;

    private readonly string _text;
    private readonly List<(string? Name, int Index)> _steps = [];

    private JsonPath(string text)
    {
        _text = text;
        if (!text.StartsWith('$'))
        {
            throw Wrong();
        }

        var rest = text.AsSpan(1);
        while (!rest.IsEmpty)
        {
            rest = rest[0] switch
            {
                '.' => Name(rest[1..]),
                '[' => Bracket(rest[1..]),
                _ => throw Wrong(),
            };
        }
    }

    /// <summary>The compiled path; a thread remembers the last, which is the next in most queries.</summary>
    public static JsonPath Of(string text) => _last is { } last && last._text == text ? last : _last = new JsonPath(text);

    public JsonElement? Find(JsonElement root)
    {
        var element = root;
        foreach (var (name, index) in _steps)
        {
            if (name is not null)
            {
                if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                {
                    return null;
                }
            }
            else if (element.ValueKind != JsonValueKind.Array || index >= element.GetArrayLength())
            {
                return null;
            }
            else
            {
                element = element[index];
            }
        }

        return element;
    }

    private ReadOnlySpan<char> Name(ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOfAny('.', '[');
        var name = end < 0 ? rest : rest[..end];
        if (name.IsEmpty)
        {
            throw Wrong();
        }

        _steps.Add((name.ToString(), 0));
        return rest[name.Length..];
    }

    private ReadOnlySpan<char> Bracket(ReadOnlySpan<char> rest)
    {
        if (rest.Length > 0 && rest[0] is '"' or '\'')
        {
            var close = rest[1..].IndexOf(rest[0]);
            if (close < 0 || close + 2 >= rest.Length || rest[close + 2] != ']')
            {
                throw Wrong();
            }

            _steps.Add((rest.Slice(1, close).ToString(), 0));
            return rest[(close + 3)..];
        }

        var end = rest.IndexOf(']');
        if (end <= 0)
        {
            throw Wrong();
        }

        var inside = rest[..end].Trim();
        var isIndex = int.TryParse(inside, NumberStyles.None, CultureInfo.InvariantCulture, out var index);
        _steps.Add(isIndex ? (null, index) : (inside.ToString(), 0));
        return rest[(end + 1)..];
    }

    private SqlEvaluationException Wrong() => new($"'{_text}' is no JSON path.");
}
