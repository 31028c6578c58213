using System.Text.Json;
using StreamFlow.Core.Errors;

namespace StreamFlow.Sql.Formats.Avro;

/// <summary>Reads Avro schemas from JSON.</summary>
internal sealed class AvroSchemaParser
{
    private readonly Dictionary<string, AvroSchema> _named = new(StringComparer.Ordinal);

    /// <summary>Parses a schema text; named types of the references may be used.</summary>
    /// <exception cref="ConfigurationException">The text is no Avro schema.</exception>
    public static AvroSchema Parse(SchemaText text)
    {
        var parser = new AvroSchemaParser();
        try
        {
            foreach (var reference in text.References.Values)
            {
                parser.ParseJson(reference.Text);
            }

            return parser.ParseJson(text.Text);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new ConfigurationException($"The text is no Avro schema: {e.Message}");
        }
    }

    private AvroSchema ParseJson(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Read(document.RootElement, string.Empty);
    }

    private AvroSchema Read(JsonElement json, string space) => json.ValueKind switch
    {
        JsonValueKind.String => Named(json.GetString()!, space),
        JsonValueKind.Array => new AvroSchema(AvroKind.Union) { Branches = [.. json.EnumerateArray().Select(b => Read(b, space))] },
        JsonValueKind.Object => ReadObject(json, space),
        _ => throw new FormatException("a schema is a string, an array or an object"),
    };

    private AvroSchema Named(string name, string space)
    {
        if (Primitive(name) is { } kind)
        {
            return new AvroSchema(kind);
        }

        return _named.TryGetValue(name, out var known) || _named.TryGetValue($"{space}.{name}", out known)
            ? known
            : throw new FormatException($"{name} is no type");
    }

    private AvroSchema ReadObject(JsonElement json, string space)
    {
        var type = json.GetProperty("type");
        if (type.ValueKind != JsonValueKind.String)
        {
            return Read(type, space);
        }

        var name = type.GetString()!;
        switch (name)
        {
            case "record" or "error":
                return ReadRecord(json, space);
            case "enum":
                return Register(json, space, (n, s) => new AvroSchema(AvroKind.Enum)
                {
                    Name = n,
                    Namespace = s,
                    Symbols = [.. json.GetProperty("symbols").EnumerateArray().Select(x => x.GetString()!)],
                });
            case "fixed":
                return Register(json, space, (n, s) => new AvroSchema(AvroKind.Fixed)
                {
                    Name = n,
                    Namespace = s,
                    Size = json.GetProperty("size").GetInt32(),
                    Logical = Text(json, "logicalType"),
                    Precision = Number(json, "precision"),
                    Scale = Number(json, "scale") ?? 0,
                });
            case "array":
                return new AvroSchema(AvroKind.Array) { Element = Read(json.GetProperty("items"), space) };
            case "map":
                return new AvroSchema(AvroKind.Map) { Element = Read(json.GetProperty("values"), space) };
            default:
                return Primitive(name) is { } kind
                    ? new AvroSchema(kind) 
                    {
                        Logical = Text(json, "logicalType"),
                        Precision = Number(json, "precision"),
                        Scale = Number(json, "scale") ?? 0,
                    }
                    : Named(name, space);
        }
    }

    private AvroSchema ReadRecord(JsonElement json, string space)
    {
        var record = Register(json, space, (n, s) => new AvroSchema(AvroKind.Record) { Name = n, Namespace = s });
        record.Fields =
        [
            .. json.GetProperty("fields").EnumerateArray().Select(f => new AvroField(
                f.GetProperty("name").GetString()!,
                Read(f.GetProperty("type"), record.Namespace),
                f.TryGetProperty("default", out var value) ? value.GetRawText() : null)),
        ];
        return record;
    }

    private AvroSchema Register(JsonElement json, string space, Func<string, string, AvroSchema> make)
    {
        var name = Text(json, "name") ?? throw new FormatException("a named type has no name");
        var own = Text(json, "namespace") ?? space;
        var dot = name.LastIndexOf('.');
        if (dot >= 0)
        {
            (own, name) = (name[..dot], name[(dot + 1)..]);
        }

        var schema = make(name, own);
        return _named[own.Length == 0 ? name : $"{own}.{name}"] = schema;
    }

    private static AvroKind? Primitive(string name) => name switch
    {
        "null" => AvroKind.Null,
        "boolean" => AvroKind.Boolean,
        "int" => AvroKind.Int,
        "long" => AvroKind.Long,
        "float" => AvroKind.Float,
        "double" => AvroKind.Double,
        "bytes" => AvroKind.Bytes,
        "string" => AvroKind.String,
        _ => null,
    };

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int? Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;
}
