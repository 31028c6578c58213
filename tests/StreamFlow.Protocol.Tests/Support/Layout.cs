using StreamFlow.Protocol.Generator.Definitions;

namespace StreamFlow.Protocol.Tests.Support;

/// <summary>
/// The layout of one version as lines, one per field in wire order, which is what two sources of the same message must agree on:
/// path, type, and whether it is an array, nullable and tagged; then what a missing value means.
/// </summary>
internal static class Layout
{
    public static List<string> Of(MessageDefinition message, int version)
    {
        var lines = new List<string> { $"flexible: {message.Flexible.Contains(version)}" };
        Add(message, version, "", lines);
        return lines;
    }

    private static void Add(StructDefinition body, int version, string path, List<string> lines)
    {
        foreach (var field in body.Fields.Where(f => f.Versions.Contains(version)))
        {
            var type = field.Scalar switch
            {
                Scalar.None => "struct",
                Scalar.Error => "int16",
                _ => field.Scalar.ToString().ToLowerInvariant(),
            };
            lines.Add(Line(path + field.Name, type, field.IsArray, field.Nullable.Contains(version), field.Tag, field.Default));
            if (field.Struct is not null)
            {
                Add(field.Struct, version, path + field.Name + ".", lines);
            }
        }
    }

    public static string Line(string path, string type, bool isArray, bool isNullable, int? tag, string? defaultValue) =>
        $"{path}: {type}{(isArray ? "[]" : "")}{(isNullable ? "?" : "")}" +
        $"{(tag is null ? "" : $" tag {tag}")} = {defaultValue ?? "(type's own)"}";
}
