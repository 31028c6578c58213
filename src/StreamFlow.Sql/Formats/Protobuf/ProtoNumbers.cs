namespace StreamFlow.Sql.Formats.Protobuf;

/// <summary>Between numbers and the bits Protobuf's kinds write for them.</summary>
internal static class ProtoNumbers
{
    public static ulong ToBits(ProtoKind kind, long value) => kind switch
    {
        ProtoKind.SInt32 or ProtoKind.SInt64 => (ulong)((value << 1) ^ (value >> 63)),
        ProtoKind.Double => (ulong)BitConverter.DoubleToInt64Bits(value),
        ProtoKind.Float => BitConverter.SingleToUInt32Bits(value),
        ProtoKind.UInt32 or ProtoKind.Fixed32 or ProtoKind.SFixed32 => (uint)value,
        _ => (ulong)value,
    };

    public static ulong ToBits(ProtoKind kind, double value) => kind switch
    {
        ProtoKind.Double => (ulong)BitConverter.DoubleToInt64Bits(value),
        ProtoKind.Float => BitConverter.SingleToUInt32Bits((float)value),
        _ => ToBits(kind, (long)value),
    };

    public static long ToInt64(ProtoKind kind, ulong bits) => kind switch
    {
        ProtoKind.SInt32 or ProtoKind.SInt64 => (long)(bits >> 1) ^ -(long)(bits & 1),
        ProtoKind.Int32 or ProtoKind.SFixed32 or ProtoKind.Enum => (int)bits,
        ProtoKind.UInt32 or ProtoKind.Fixed32 => (uint)bits,
        ProtoKind.Double => (long)BitConverter.Int64BitsToDouble((long)bits),
        ProtoKind.Float => (long)BitConverter.UInt32BitsToSingle((uint)bits),
        _ => (long)bits,
    };

    public static double ToDouble(ProtoKind kind, ulong bits) => kind switch
    {
        ProtoKind.Double => BitConverter.Int64BitsToDouble((long)bits),
        ProtoKind.Float => double.Parse(
            BitConverter.UInt32BitsToSingle((uint)bits).ToString("R", System.Globalization.CultureInfo.InvariantCulture),
            System.Globalization.CultureInfo.InvariantCulture),
        _ => ToInt64(kind, bits),
    };
}
