namespace StreamFlow.Sql.Formats.Protobuf;

/// <summary>The message types that every .proto may use and that SQL gives a meaning.</summary>
internal static class ProtoWellKnown
{
    public const string Timestamp = "google.protobuf.Timestamp";
    public const string Date = "google.type.Date";
    public const string TimeOfDay = "google.type.TimeOfDay";
    public const string Decimal = "confluent.type.Decimal";

    /// <summary>Their definitions, to be parsed before any other text.</summary>
    public const string Definitions = """
        message google.protobuf.Timestamp { int64 seconds = 1; int32 nanos = 2; }
        message google.type.Date { int32 year = 1; int32 month = 2; int32 day = 3; }
        message google.type.TimeOfDay { int32 hours = 1; int32 minutes = 2; int32 seconds = 3; int32 nanos = 4; }
        message confluent.type.Decimal { bytes value = 1; uint32 precision = 2; int32 scale = 3; }
        message google.protobuf.DoubleValue { double value = 1; }
        message google.protobuf.FloatValue { float value = 1; }
        message google.protobuf.Int64Value { int64 value = 1; }
        message google.protobuf.UInt64Value { uint64 value = 1; }
        message google.protobuf.Int32Value { int32 value = 1; }
        message google.protobuf.UInt32Value { uint32 value = 1; }
        message google.protobuf.BoolValue { bool value = 1; }
        message google.protobuf.StringValue { string value = 1; }
        message google.protobuf.BytesValue { bytes value = 1; }
        """;

    /// <summary>The field inside a wrapper message; null for other messages.</summary>
    public static ProtoField? Wrapped(ProtoMessage message) =>
        message.FullName.StartsWith("google.protobuf.", StringComparison.Ordinal)
            && message.FullName.EndsWith("Value", StringComparison.Ordinal)
            ? message.Fields[0]
            : null;
}
