using System.Text.Json;
using StreamFlow.Streams.Dsl;

namespace StreamFlow.Conformance.Streams;

/// <summary>Reads optional fields of operations.</summary>
internal static class JsonReading
{
    public static string? Text(this JsonElement op, string property) =>
        op.TryGetProperty(property, out var value) ? value.GetString() : null;

    public static Expression? Expression(this JsonElement op, string property) =>
        op.Text(property) is { } text ? Streams.Expression.Parse(text) : null;

    public static DataType? Type(this JsonElement op, string property) =>
        op.TryGetProperty(property, out var value) ? DataType.Read(value) : null;

    public static TimeSpan? Milliseconds(this JsonElement op, string property) =>
        op.TryGetProperty(property, out var value) ? TimeSpan.FromMilliseconds(value.GetInt64()) : null;

    /// <summary>How the table of an operation is kept; the types are those of the operation, else those given.</summary>
    public static Materialized<TKey, TValue> Materialized<TKey, TValue>(
        this JsonElement op, Core.Serialization.Serde<TKey>? keySerde, Core.Serialization.Serde<TValue>? valueSerde) => new()
        {
            StoreName = op.Text("store"),
            KeySerde = keySerde,
            ValueSerde = valueSerde,
            Retention = op.Milliseconds("retention"),
            HistoryRetention = op.Milliseconds("historyRetention"),
        };
}
