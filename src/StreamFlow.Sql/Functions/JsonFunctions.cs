using System.Text.Json;
using StreamFlow.Sql.Formats.Json;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Functions;

/// <summary>Functions over JSON in text (section 17.5 of the language reference).</summary>
public static class JsonFunctions
{
    private const string Category = "JSON";

    /// <summary>The value at a path like <c>$.a[0].b</c>: text as it is, anything else as JSON; null when there is none.</summary>
    [SqlFunction("EXTRACTJSONFIELD", Category = Category, Description = "The value at a JSON path.")]
    public static string? ExtractJsonField(string json, string path)
    {
        using var document = ParseFirst(json);
        var element = JsonPath.Of(path).Find(document.RootElement);
        return element is null or { ValueKind: JsonValueKind.Null } ? null : PlainText(element.Value);
    }

    /// <summary>Whether the array has the value at its top level; false when the text is no JSON array.</summary>
    [SqlFunction("JSON_ARRAY_CONTAINS", Category = Category, Description = "Whether a JSON array has a value.")]
    public static bool JsonArrayContains<T>(string? json, T value)
    {
        if (json is null || TryParse(json) is not { } document)
        {
            return false;
        }

        using (document)
        {
            return document.RootElement.ValueKind == JsonValueKind.Array
                && document.RootElement.EnumerateArray().Any(e => IsValue(e, value));
        }
    }

    /// <summary>Whether the text is JSON; false for null and empty text.</summary>
    [SqlFunction("IS_JSON_STRING", Category = Category, Description = "Whether a text is JSON.")]
    public static bool IsJsonString(string? text)
    {
        using var document = string.IsNullOrEmpty(text) ? null : TryParse(text);
        return document is not null;
    }

    /// <summary>Number of elements; null when it is no array.</summary>
    [SqlFunction("JSON_ARRAY_LENGTH", Category = Category, Description = "Number of elements of a JSON array.")]
    public static int? JsonArrayLength(string json)
    {
        using var document = Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Array ? document.RootElement.GetArrayLength() : null;
    }

    /// <summary>Objects merged (the last wins), everything else as one array; null when an argument is null or empty.</summary>
    [SqlFunction("JSON_CONCAT", Category = Category, Description = "Merges JSON objects or joins arrays.")]
    public static string? JsonConcat(params ReadOnlySpan<string> documents)
    {
        var parsed = new List<JsonDocument>(documents.Length);
        try
        {
            foreach (var document in documents)
            {
                if (document.Length == 0)
                {
                    return null;
                }

                parsed.Add(Parse(document));
            }

            var roots = parsed.ConvertAll(d => d.RootElement);
            return roots.TrueForAll(r => r.ValueKind == JsonValueKind.Object) ? Merged(roots) : Joined(roots);
        }
        finally
        {
            parsed.ForEach(d => d.Dispose());
        }
    }

    /// <summary>The elements of an array as JSON texts; null when it is no array.</summary>
    [SqlFunction("JSON_ITEMS", Category = Category, Description = "The elements of a JSON array.")]
    public static SqlArray<string?>? JsonItems(string json)
    {
        using var document = Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Array
            ? new SqlArray<string?>([.. document.RootElement.EnumerateArray().Select(JsonText.Compact)])
            : null;
    }

    /// <summary>The names of an object's fields; null when it is no object.</summary>
    [SqlFunction("JSON_KEYS", Category = Category, Description = "The names of a JSON object's fields.")]
    public static SqlArray<string?>? JsonKeys(string json)
    {
        using var document = Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? new SqlArray<string?>([.. document.RootElement.EnumerateObject().Select(p => p.Name)])
            : null;
    }

    /// <summary>An object's fields: text as it is, anything else as JSON; null when it is no object.</summary>
    [SqlFunction("JSON_RECORDS", Category = Category, Description = "The fields of a JSON object as a map.")]
    public static SqlMap<string, string?>? JsonRecords(string json)
    {
        using var document = Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var map = new OrderedDictionary<string, string?>();
        foreach (var property in document.RootElement.EnumerateObject())
        {
            map[property.Name] = PlainText(property.Value);
        }

        return new SqlMap<string, string?>(map);
    }

    /// <summary>Any value as JSON: temporal types as ISO text, BYTES as base64, fields and keys sorted; null is <c>null</c>.</summary>
    [SqlFunction("TO_JSON_STRING", Category = Category, Description = "Any value as JSON.")]
    public static string ToJsonString<T>(T value) => JsonText.Write(value, static (writer, v) => SortedJsonWriter.Write(writer, v));

    private static JsonDocument Parse(string json) => TryParse(json) ?? throw new SqlEvaluationException("The text is not JSON.");

    // What follows the first value is not looked at, as in the original.
    private static JsonDocument ParseFirst(string json)
    {
        try
        {
            var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(json));
            return JsonDocument.ParseValue(ref reader);
        }
        catch (JsonException e)
        {
            throw new SqlEvaluationException("The text is not JSON.", e);
        }
    }

    private static JsonDocument? TryParse(string json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string PlainText(JsonElement element) =>
        element.ValueKind == JsonValueKind.String ? element.GetString()! : JsonText.Compact(element);

    private static bool IsValue<T>(JsonElement element, T value) => value switch
    {
        null => element.ValueKind == JsonValueKind.Null,
        string text => element.ValueKind == JsonValueKind.String && element.ValueEquals(text),
        bool flag => element.ValueKind == (flag ? JsonValueKind.True : JsonValueKind.False),
        int number => IsWhole(element) && element.TryGetInt32(out var n) && n == number,
        long number => IsWhole(element) && element.TryGetInt64(out var n) && n == number,
        double number =>
            element.ValueKind == JsonValueKind.Number && !IsWhole(element) && element.TryGetDouble(out var n) && n.Equals(number),
        SqlDecimal number =>
            element.ValueKind == JsonValueKind.Number && SqlDecimal.TryParse(element.GetRawText(), out var n) && n == number,
        _ => false,
    };

    private static bool IsWhole(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') < 0;

    private static string Merged(List<JsonElement> objects)
    {
        var fields = new OrderedDictionary<string, JsonElement>();
        foreach (var property in objects.SelectMany(o => o.EnumerateObject()))
        {
            fields[property.Name] = property.Value;
        }

        return JsonText.Write(fields, static (writer, all) =>
        {
            writer.WriteStartObject();
            foreach (var (name, value) in all)
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }

            writer.WriteEndObject();
        });
    }

    private static string Joined(List<JsonElement> values) => JsonText.Write(values, static (writer, all) =>
    {
        writer.WriteStartArray();
        foreach (var value in all)
        {
            if (value.ValueKind != JsonValueKind.Array)
            {
                value.WriteTo(writer);
                continue;
            }

            foreach (var item in value.EnumerateArray())
            {
                item.WriteTo(writer);
            }
        }

        writer.WriteEndArray();
    });
}
