using System;
using System.Collections.Generic;

namespace StreamFlow.Protocol.Generator.Definitions;

/// <summary>Parses <c>Name type [versions] [tag N] [= default] [ignorable] [fixed]</c>.</summary>
internal static class FieldParser
{
    private static readonly Dictionary<string, Scalar> Scalars = new(StringComparer.Ordinal)
    {
        ["bool"] = Scalar.Bool,
        ["int8"] = Scalar.Int8,
        ["int16"] = Scalar.Int16,
        ["uint16"] = Scalar.UInt16,
        ["int32"] = Scalar.Int32,
        ["uint32"] = Scalar.UInt32,
        ["int64"] = Scalar.Int64,
        ["float64"] = Scalar.Float64,
        ["uuid"] = Scalar.Uuid,
        ["error"] = Scalar.Error,
        ["string"] = Scalar.String,
        ["bytes"] = Scalar.Bytes,
        ["records"] = Scalar.Records,
    };

    /// <summary>Returns null, with the reason in <paramref name="error"/>, when the line is not a field.</summary>
    public static FieldDefinition? Parse(DefinitionLine line, out string error)
    {
        var words = line.Words;
        var field = new FieldDefinition { Name = words[0], Prose = line.Prose, Line = line.Number };
        error = "";
        if (!IsTypeName(field.Name))
        {
            error = $"'{field.Name}' is not a field name: it has to begin with a capital letter";
        }
        else if (words.Length < 2)
        {
            error = $"field '{field.Name}' has no type";
        }
        else if (!TryType(words[1], field, out var nullable))
        {
            error = $"'{words[1]}' is not a type; known are {string.Join(", ", Scalars.Keys)} and struct names, then [] and ?";
        }
        else
        {
            error = Attributes(words, field) ?? "";
            field.Nullable = nullable.Intersect(field.Versions);
        }

        return error.Length == 0 ? field : null;
    }

    public static bool IsTypeName(string name)
    {
        if (name.Length == 0 || name[0] is < 'A' or > 'Z')
        {
            return false;
        }

        foreach (var c in name)
        {
            if (!char.IsLetterOrDigit(c))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryType(string text, FieldDefinition field, out VersionRange nullable)
    {
        nullable = VersionRange.None;
        var question = text.IndexOf('?');
        if (question >= 0)
        {
            var versions = text.Substring(question + 1);
            nullable = VersionRange.All;
            if (versions.Length > 0 && !VersionRange.TryParse(versions, out nullable))
            {
                return false;
            }

            text = text.Substring(0, question);
        }

        if (text.EndsWith("[]", StringComparison.Ordinal))
        {
            field.IsArray = true;
            text = text.Substring(0, text.Length - 2);
        }

        if (Scalars.TryGetValue(text, out var scalar))
        {
            field.Scalar = scalar;
            return true;
        }

        field.StructName = text;
        return IsTypeName(text);
    }

    private static string? Attributes(string[] words, FieldDefinition field)
    {
        for (var i = 2; i < words.Length; i++)
        {
            var value = i + 1 < words.Length ? words[i + 1] : null;
            switch (words[i])
            {
                case "ignorable":
                    field.IsIgnorable = true;
                    break;
                case "fixed":
                    field.IsFixedLength = true;
                    break;
                case "tag" when int.TryParse(value, out var tag) && tag >= 0:
                    field.Tag = tag;
                    i++;
                    break;
                case "=" when value is not null:
                    field.Default = value;
                    i++;
                    break;
                default:
                    if (i != 2 || !VersionRange.TryParse(words[i], out var versions) || versions.IsEmpty)
                    {
                        return $"'{words[i]}' is not understood after field '{field.Name}': " +
                            "versions come right after the type, then 'tag N', '= default', 'ignorable', 'fixed'";
                    }

                    field.Versions = versions;
                    break;
            }
        }

        return null;
    }
}
