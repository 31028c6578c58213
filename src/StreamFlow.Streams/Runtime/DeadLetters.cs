using System.Globalization;
using System.Text;
using StreamFlow.Core.Records;
using StreamFlow.Streams.Errors;

namespace StreamFlow.Streams.Runtime;

/// <summary>Sends failed input records to the dead-letter topic. Header names are those of Kafka Streams (KIP-1034).</summary>
internal static class DeadLetters
{
    private const string Prefix = "__streams.errors.";

    public static void Send(TaskContext context, ErrorContext error, Exception cause)
    {
        var topic = context.Options.Errors.DeadLetterTopic;
        if (topic is null || error.Topic is null)
        {
            return;
        }

        var headers = new Headers(
        [
            .. error.Headers.AsSpan(),
            Text("exception", cause.GetType().FullName ?? cause.GetType().Name),
            Text("message", cause.Message),
            Text("stacktrace", cause.ToString()),
            Text("topic", error.Topic),
            Text("partition", error.Partition.ToString(CultureInfo.InvariantCulture)),
            Text("offset", error.Offset.ToString(CultureInfo.InvariantCulture)),
        ]);
        context.Collector.Send(topic, -1, new SerializedRecord
        {
            HasKey = error.SourceKey is not null,
            Key = error.SourceKey,
            PartitionKeyLength = error.SourceKey?.Length ?? 0,
            HasValue = error.SourceValue is not null,
            Value = error.SourceValue,
            Timestamp = Math.Max(0, error.Timestamp),
            Headers = headers,
        });
    }

    private static Header Text(string name, string value) => new(Prefix + name, Encoding.UTF8.GetBytes(value));
}
