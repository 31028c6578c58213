using System.Globalization;
using System.Text;
using StreamFlow.Client.Consuming;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;

namespace StreamFlow.Cli.DeadLetters;

/// <summary>
/// A record that could not be processed, as it lies in a dead-letter topic: its key, value and headers, and beside them where it came from
/// and what went wrong (headers <c>__streams.errors.*</c> of KIP-1034).
/// </summary>
internal sealed class DeadLetter
{
    private const string Prefix = "__streams.errors.";

    private readonly Headers _headers;

    public DeadLetter(TopicPartition partition, in RecordView record)
    {
        Partition = partition;
        Offset = record.Offset;
        Timestamp = record.Timestamp;
        Key = record.HasKey ? record.Key.ToArray() : null;
        Value = record.HasValue ? record.Value.ToArray() : null;
        _headers = record.ReadHeaders();
    }

    public TopicPartition Partition { get; }

    public long Offset { get; }

    public long Timestamp { get; }

    public byte[]? Key { get; }

    public byte[]? Value { get; }

    /// <summary>The topic it was read from; null when the headers do not say.</summary>
    public string? SourceTopic => Text("topic");

    public string? SourcePartition => Text("partition");

    public string? SourceOffset => Text("offset");

    public string? Exception => Text("exception");

    public string? Message => Text("message");

    public string? Stack => Text("stacktrace");

    /// <summary>The headers it came with.</summary>
    public Headers OwnHeaders => new([.. _headers.Where(h => !h.Key.StartsWith(Prefix, StringComparison.Ordinal))]);

    /// <summary>Where it was: <c>topic-partition@offset</c>.</summary>
    public string Source => $"{SourceTopic ?? "?"}-{SourcePartition ?? "?"}@{SourceOffset ?? "?"}";

    /// <summary>The partition it was read from, when the headers say.</summary>
    public int? SourcePartitionNumber =>
        int.TryParse(SourcePartition, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private string? Text(string name) =>
        _headers.TryGetLast(Prefix + name, out var value) && value is not null ? Encoding.UTF8.GetString(value) : null;
}
