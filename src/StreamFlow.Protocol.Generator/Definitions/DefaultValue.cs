using System;
using System.Globalization;

namespace StreamFlow.Protocol.Generator.Definitions;

/// <summary>The default of a field: what a version without the field means, and what a tagged field leaves out.</summary>
internal static class DefaultValue
{
    public static bool IsValid(FieldDefinition field)
    {
        if (field.Default == "null")
        {
            return true;
        }

        return !field.IsArray && field.Scalar switch
        {
            Scalar.Bool => field.Default is "true" or "false",
            Scalar.Int8 => IsBetween(field, sbyte.MinValue, sbyte.MaxValue),
            Scalar.Int16 => IsBetween(field, short.MinValue, short.MaxValue),
            Scalar.UInt16 => IsBetween(field, 0, ushort.MaxValue),
            Scalar.Int32 => IsBetween(field, int.MinValue, int.MaxValue),
            Scalar.UInt32 => IsBetween(field, 0, uint.MaxValue),
            Scalar.Int64 => IsBetween(field, long.MinValue, long.MaxValue),
            Scalar.String => true,
            _ => false,
        };
    }

    /// <summary>The C# expression of the default, or null when it is what C# starts with.</summary>
    public static string? Initializer(FieldDefinition field)
    {
        if (field.Default == "null" || (field.Default is null && !IsReference(field)))
        {
            return null;
        }

        if (field.Default is not null)
        {
            return field.Scalar == Scalar.String ? "\"" + field.Default + "\"" : field.Default;
        }

        return field.IsArray
            ? (field.Nullable.IsEmpty ? null : "[]")
            : field.Scalar switch
            {
                Scalar.String => "\"\"",
                Scalar.Bytes => "[]",
                Scalar.Records when !field.Nullable.IsEmpty => "ReadOnlyMemory<byte>.Empty",
                Scalar.None when field.Nullable.IsEmpty && !field.IsTagged => "new()",
                _ => null,
            };
    }

    /// <summary>The C# condition under which <paramref name="value"/> is the default.</summary>
    public static string Condition(FieldDefinition field, string value)
    {
        var isNullable = !field.Nullable.IsEmpty;
        if (field.Default == "null")
        {
            return value + " is null";
        }

        if (field.IsArray)
        {
            return isNullable ? value + " is { Count: 0 }" : value + ".Count == 0";
        }

        return field.Scalar switch
        {
            Scalar.Bool => field.Default == "true" ? value : "!" + value,
            Scalar.String when string.IsNullOrEmpty(field.Default) => isNullable ? value + " is { Length: 0 }" : value + ".Length == 0",
            Scalar.String => $"{value} == \"{field.Default}\"",
            Scalar.Bytes or Scalar.Records => isNullable ? value + " is { Length: 0 }" : value + ".Length == 0",
            Scalar.Uuid => value + " == Guid.Empty",
            Scalar.Error => value + " == ErrorCode.None",
            Scalar.None when isNullable => value + " is null",
            Scalar.None => field.IsTagged ? $"({value} is null || {value}.IsDefault)" : value + ".IsDefault",
            _ => $"{value} == {field.Default ?? "0"}",
        };
    }

    private static bool IsReference(FieldDefinition field) =>
        field.IsArray || field.Scalar is Scalar.String or Scalar.Bytes or Scalar.Records or Scalar.None;

    private static bool IsBetween(FieldDefinition field, long lowest, long highest) =>
        long.TryParse(field.Default, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
        && value >= lowest && value <= highest;
}
