using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Runtime;

/// <summary>Writes one store's changes to its task's partition of the changelog topic.</summary>
internal sealed class ChangelogWriter(RecordCollector collector, TopicPartition changelog) : IChangelogWriter
{
    /// <inheritdoc/>
    public void Append(ReadOnlySpan<byte> key, bool hasValue, ReadOnlySpan<byte> value, long timestamp, Headers? headers) =>
        collector.Append(changelog.Topic, changelog.Partition, timestamp, true, key, hasValue, value, headers ?? Headers.Empty);
}
