using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Core.Topics;
using StreamFlow.Streams.State.Persistent;

namespace StreamFlow.Streams.Runtime.Restoring;

/// <summary>Where changelogs begin and end at a moment.</summary>
internal sealed class ChangelogBounds
{
    private readonly Dictionary<TopicPartition, long> _begins;
    private readonly Dictionary<TopicPartition, long> _ends;

    private ChangelogBounds(Dictionary<TopicPartition, long> begins, Dictionary<TopicPartition, long> ends) =>
        (_begins, _ends) = (begins, ends);

    /// <summary>Asks for them.</summary>
    public static async Task<ChangelogBounds> ReadAsync(
        IAdmin admin, IReadOnlyCollection<TopicPartition> changelogs, CancellationToken cancellationToken)
    {
        var ends = await OffsetsAsync(admin, changelogs, OffsetSpec.Latest, cancellationToken).ConfigureAwait(false);
        var begins = await OffsetsAsync(admin, changelogs, OffsetSpec.Earliest, cancellationToken).ConfigureAwait(false);
        return new ChangelogBounds(begins, ends);
    }

    public long EndOf(StoreRestorer restorer) => _ends.GetValueOrDefault(restorer.Changelog);

    /// <summary>The first offset to read.</summary>
    public long StartOf(StoreRestorer restorer) => Math.Max(restorer.Position, _begins.GetValueOrDefault(restorer.Changelog));

    /// <summary>Whether the state on disk can go on from the changelog: it was neither made anew nor cut behind that point.</summary>
    public bool Fits(StoreRestorer restorer) => restorer.Position <= 0
        || (restorer.Position >= _begins.GetValueOrDefault(restorer.Changelog) && restorer.Position <= EndOf(restorer));

    private static async Task<Dictionary<TopicPartition, long>> OffsetsAsync(
        IAdmin admin, IEnumerable<TopicPartition> partitions, OffsetSpec spec, CancellationToken cancellationToken)
    {
        var offsets = await admin.ListOffsetsAsync(
            partitions.ToDictionary(p => p, _ => spec), IsolationLevel.ReadUncommitted, cancellationToken).ConfigureAwait(false);
        return offsets.ToDictionary(o => o.Key, o => o.Value.Offset);
    }
}
