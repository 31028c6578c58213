using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using StreamFlow.Core.Records;
using StreamFlow.Core.Serialization;
using StreamFlow.Streams.Errors;
using StreamFlow.Streams.Testing;

namespace StreamFlow.Conformance.Streams;

/// <summary>Feeds the events of a case to a driver (FORMAT sections 1 and 2).</summary>
internal sealed class EventPlayer(TopologyTestDriver driver, CaseContext context)
{
    public static TestDriverOptions Options(JsonElement json)
    {
        var config = json.GetProperty("config");
        var errors = ErrorHandling.Default;
        if (config.Text("deserialization") == "continue")
        {
            errors = errors with { OnDeserializationError = ErrorHandling.Continue };
        }

        if (config.Text("processing") == "continue")
        {
            errors = errors with { OnProcessingError = ErrorHandling.Continue };
        }

        return new TestDriverOptions { Errors = errors, EmitInterval = config.Milliseconds("emitInterval") ?? TimeSpan.Zero };
    }

    /// <summary>Feeds one event.</summary>
    /// <returns><c>ok</c>, or <c>index:kind</c> of the failure that it caused.</returns>
    public string Play(JsonElement e, int index)
    {
        try
        {
            if (e.TryGetProperty("wallClock", out var ms))
            {
                driver.AdvanceWallClockTime(TimeSpan.FromMilliseconds(ms.GetInt64()));
                return "ok";
            }

            var topic = e.Text("topic")!;
            var (key, value) = context.Topics[topic];
            var headers = e.TryGetProperty("headers", out var given)
                ? new Headers(
                    [.. given.EnumerateArray().Select(h => new Header(h[0].GetString()!, Encoding.UTF8.GetBytes(h[1].GetString()!)))])
                : Headers.Empty;
            driver.PipeBytes(topic, new TopicRecord(
                Bytes(e, "key", key, topic, SerdeTarget.Key),
                Bytes(e, "value", value, topic, SerdeTarget.Value),
                e.GetProperty("ts").GetInt64(),
                headers));
            return "ok";
        }
        catch (RecordFailedException failure)
        {
            var kind = failure.Context.Stage == RecordStage.Deserialization ? "deserialization" : "processing";
            return string.Create(CultureInfo.InvariantCulture, $"{index}:{kind}");
        }
    }

    private static byte[]? Bytes(JsonElement e, string property, DataType type, string topic, SerdeTarget target)
    {
        if (e.Text("raw" + char.ToUpperInvariant(property[0]) + property[1..]) is { } raw)
        {
            return Convert.FromHexString(raw);
        }

        if (!e.TryGetProperty(property, out var json) || type.FromJson(json) is not { } value)
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>();
        type.Serialize(value, buffer, new SerdeContext(topic, target, Headers.Empty));
        return buffer.WrittenSpan.ToArray();
    }
}
