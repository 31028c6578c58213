using System.Globalization;

namespace StreamFlow.Protocol.Generator.Definitions;

/// <summary>Whether the default that a definition gives is a value of the field.</summary>
internal static class FieldDefault
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

    private static bool IsBetween(FieldDefinition field, long lowest, long highest) =>
        long.TryParse(field.Default, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
        && value >= lowest && value <= highest;
}
