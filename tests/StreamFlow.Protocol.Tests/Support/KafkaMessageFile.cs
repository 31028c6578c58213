using System.Globalization;
using System.Text.Json;
using StreamFlow.Protocol.Generator.Definitions;

namespace StreamFlow.Protocol.Tests.Support;

/// <summary>One of Kafka's own message files, read independently of our definitions.</summary>
internal sealed class KafkaMessageFile
{
    private static readonly JsonDocumentOptions WithComments = new() { CommentHandling = JsonCommentHandling.Skip };

    private readonly JsonElement _root;
    private readonly Dictionary<string, JsonElement> _common = new(StringComparer.Ordinal);

    private KafkaMessageFile(JsonElement root)
    {
        _root = root;
        Name = root.GetProperty("name").GetString()!;
        Versions = Range(root.GetProperty("validVersions").GetString()!);
        if (root.TryGetProperty("commonStructs", out var common))
        {
            foreach (var item in common.EnumerateArray())
            {
                _common.Add(item.GetProperty("name").GetString()!, item);
            }
        }
    }

    public string Name { get; }

    public VersionRange Versions { get; }

    public int? ApiKey => _root.TryGetProperty("apiKey", out var key) ? key.GetInt32() : null;

    public static KafkaMessageFile Read(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(path), WithComments);
        return new(document.RootElement.Clone());
    }

    public List<string> LayoutOf(int version)
    {
        var lines = new List<string> { $"flexible: {Range(_root.GetProperty("flexibleVersions").GetString()!).Contains(version)}" };
        Add(_root.GetProperty("fields"), version, "", lines);
        return lines;
    }

    private void Add(JsonElement fields, int version, string path, List<string> lines)
    {
        foreach (var field in fields.EnumerateArray())
        {
            var tagged = Text(field, "taggedVersions");
            if (!Range(Text(field, "versions") ?? tagged!).Contains(version))
            {
                continue;
            }

            var name = path + Capital(Text(field, "name")!);
            var type = Text(field, "type")!;
            var isArray = type.StartsWith("[]", StringComparison.Ordinal);
            type = isArray ? type[2..] : type;
            var isStruct = char.IsUpper(type[0]);
            var isNullable = Text(field, "nullableVersions") is { } nullable && Range(nullable).Contains(version);
            int? tag = tagged is not null && Range(tagged).Contains(version) ? field.GetProperty("tag").GetInt32() : null;
            lines.Add(Layout.Line(name, isStruct ? "struct" : type, isArray, isNullable, tag, Default(field)));
            if (isStruct)
            {
                var body = field.TryGetProperty("fields", out var nested) ? nested : _common[type].GetProperty("fields");
                Add(body, version, name + ".", lines);
            }
        }
    }

    /// <summary>The default as our definitions write it: nothing when it is the type's own.</summary>
    private static string? Default(JsonElement field)
    {
        if (!field.TryGetProperty("default", out var value))
        {
            return null;
        }

        var text = value.ValueKind == JsonValueKind.Null ? "null" : value.ToString();
        if (text.StartsWith("0x", StringComparison.Ordinal))
        {
            text = int.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
        }

        return text.ToLowerInvariant() is "" or "0" or "false" ? null : text.ToLowerInvariant();
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static string Capital(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    private static VersionRange Range(string text) =>
        VersionRange.TryParse(text, out var range) ? range : throw new FormatException($"'{text}' is no version range");
}
