using StreamFlow.Protocol.Generator.Definitions;

namespace StreamFlow.Protocol.Generator.Emission;

/// <summary>The default of a field in C#: what a version without the field means, and what a tagged field leaves out.</summary>
internal static class DefaultValue
{
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

    /// <summary>The C# condition under which the field's property has its default.</summary>
    public static string IsDefault(FieldDefinition field) => Compare(field, "==", "is null", "is { Length: 0 }", "is { Count: 0 }");

    /// <summary>The C# condition under which the field's property has another value than its default.</summary>
    public static string IsSet(FieldDefinition field) =>
        Compare(field, "!=", "is not null", "is not { Length: 0 }", "is not { Count: 0 }");

    private static string Compare(FieldDefinition field, string relation, string isNull, string isEmptyText, string isEmptyList)
    {
        var name = field.Name;
        var isNullable = !field.Nullable.IsEmpty;
        if (field.Default == "null" || (isNullable && field.IsStruct && !field.IsArray))
        {
            return $"{name} {isNull}";
        }

        if (field.IsArray)
        {
            return isNullable ? $"{name} {isEmptyList}" : $"({CSharpNames.BackingField(field)}?.Count ?? 0) {relation} 0";
        }

        var not = relation == "!=" ? "!" : "";
        return field.Scalar switch
        {
            Scalar.Bool => (field.Default == "true") == (relation == "==") ? name : "!" + name,
            Scalar.String when !string.IsNullOrEmpty(field.Default) => $"{name} {relation} \"{field.Default}\"",
            Scalar.String or Scalar.Bytes or Scalar.Records => isNullable ? $"{name} {isEmptyText}" : $"{name}.Length {relation} 0",
            Scalar.Uuid => $"{name} {relation} Guid.Empty",
            Scalar.Error => $"{name} {relation} ErrorCode.None",
            Scalar.None when field.IsTagged => $"{name} is {(relation == "==" ? "not " : "")}{{ IsDefault: false }}",
            Scalar.None => $"{not}{name}.IsDefault",
            _ => $"{name} {relation} {field.Default ?? "0"}",
        };
    }

    private static bool IsReference(FieldDefinition field) =>
        field.IsArray || field.Scalar is Scalar.String or Scalar.Bytes or Scalar.Records or Scalar.None;
}
