using System;
using System.Linq;
using StreamFlow.Protocol.Generator.Definitions;

namespace StreamFlow.Protocol.Generator.Emission;

/// <summary>How fields are called and typed in C#, and how versions become conditions.</summary>
internal static class CSharpNames
{
    /// <summary>The type of one element of the field (of the field itself when it is no array).</summary>
    public static string ElementType(FieldDefinition field) => field.Scalar switch
    {
        Scalar.None => field.StructName,
        Scalar.Bool => "bool",
        Scalar.Int8 => "sbyte",
        Scalar.Int16 => "short",
        Scalar.UInt16 => "ushort",
        Scalar.Int32 => "int",
        Scalar.UInt32 => "uint",
        Scalar.Int64 => "long",
        Scalar.Float64 => "double",
        Scalar.Uuid => "Guid",
        Scalar.Error => "ErrorCode",
        Scalar.String => "string",
        Scalar.Bytes => "byte[]",
        Scalar.Records => "ReadOnlyMemory<byte>",
        _ => throw new ArgumentOutOfRangeException(nameof(field), field.Scalar, null),
    };

    public static string PropertyType(FieldDefinition field)
    {
        var type = field.IsArray ? $"List<{ElementType(field)}>" : ElementType(field);
        return CanBeNull(field) ? type + "?" : type;
    }

    /// <summary>A tagged struct is null when it is left out, which saves an object per element.</summary>
    public static bool CanBeNull(FieldDefinition field) =>
        !field.Nullable.IsEmpty || field is { IsStruct: true, IsArray: false, IsTagged: true };

    /// <summary>The suffix of the reader's and writer's methods: <c>ReadInt32</c>, <c>WriteInt32</c>.</summary>
    public static string Method(FieldDefinition field) => field.Scalar.ToString();

    public static bool HasLength(FieldDefinition field) => field.Scalar is Scalar.String or Scalar.Bytes or Scalar.Records;

    public static string LocalName(FieldDefinition field) => char.ToLowerInvariant(field.Name[0]) + field.Name.Substring(1) + "Items";

    public static string BackingField(FieldDefinition field) => "_" + char.ToLowerInvariant(field.Name[0]) + field.Name.Substring(1);

    /// <summary>
    /// The C# condition that holds for <paramref name="wanted"/> within <paramref name="possible"/>:
    /// "true", "false" or a comparison of <c>version</c>.
    /// </summary>
    public static string Condition(VersionRange wanted, VersionRange possible)
    {
        var range = wanted.Intersect(possible);
        if (range.IsEmpty)
        {
            return "false";
        }

        var fromStart = range.Lowest <= possible.Lowest;
        var toEnd = range.Highest >= possible.Highest;
        return (fromStart, toEnd) switch
        {
            (true, true) => "true",
            (true, false) => $"version <= {range.Highest}",
            (false, true) => $"version >= {range.Lowest}",
            _ when range.Lowest == range.Highest => $"version == {range.Lowest}",
            _ => $"version is >= {range.Lowest} and <= {range.Highest}",
        };
    }

    /// <summary>The opposite of what <see cref="Condition"/> gives.</summary>
    public static string Not(string condition) => condition switch
    {
        "true" => "false",
        "false" => "true",
        _ when condition.Contains(" is ") => condition.Replace(" >= ", " < ").Replace(" and <= ", " or > "),
        _ when condition.Contains(" == ") => condition.Replace(" == ", " != "),
        _ when condition.Contains(" >= ") => condition.Replace(" >= ", " < "),
        _ => condition.Replace(" <= ", " > "),
    };

    /// <summary>The fewest bytes an element takes in any version; what a claimed count is checked against.</summary>
    public static int SmallestSize(FieldDefinition field, VersionRange versions, VersionRange flexible)
    {
        var isAlwaysFixed = flexible.Intersect(versions).IsEmpty;
        return field.Scalar switch
        {
            Scalar.None => SmallestSize(field.Struct!, versions, flexible),
            Scalar.Bool or Scalar.Int8 => 1,
            Scalar.Int16 or Scalar.UInt16 or Scalar.Error => 2,
            Scalar.Int32 or Scalar.UInt32 => 4,
            Scalar.Int64 or Scalar.Float64 => 8,
            Scalar.Uuid => 16,
            Scalar.String => isAlwaysFixed ? 2 : 1,
            _ => isAlwaysFixed ? 4 : 1,
        };
    }

    private static int SmallestSize(StructDefinition body, VersionRange versions, VersionRange flexible)
    {
        var isAlwaysFixed = flexible.Intersect(versions).IsEmpty;
        var size = body.Fields
            .Where(f => !f.IsTagged && f.Versions.Contains(versions))
            .Sum(f => f switch
            {
                { IsArray: true } => isAlwaysFixed ? 4 : 1,
                { IsStruct: true } when !f.Nullable.IsEmpty => 1,
                _ => SmallestSize(f, versions, flexible),
            });
        return Math.Max(1, flexible.Contains(versions) ? size + 1 : size);
    }
}
