using StreamFlow.Broker.Groups;
using StreamFlow.Broker.Partitions;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;
using StreamFlow.Storage;

namespace StreamFlow.Broker.Sharing;

/// <summary>
/// One look at the partitions of a share fetch. They are read in their order; the first that has anything gives at least one batch even
/// beyond the limit of bytes, later ones only what fits.
/// </summary>
/// <param name="request">The fetch.</param>
/// <param name="isolation">Whether the group sees open and aborted transactions.</param>
/// <param name="context">Lends the buffers.</param>
/// <param name="metrics">Counts what is served.</param>
internal sealed class ShareFetchPass(
    ShareFetchRequest request, ReadIsolation isolation, RequestContext context, BrokerMetrics metrics)
{
    private const sbyte RecordLimit = 1;

    private int _bytesLeft = request.MaxBytes;
    private long _recordsLeft = request.MaxRecords;

    /// <summary>What each partition gives; those that give nothing are not in it.</summary>
    public List<(TopicIdPartition Partition, ShareFetchResponse.PartitionData Data)> Found { get; } = [];

    /// <summary>Whether there would be enough for an answer.</summary>
    public bool IsWorthwhile(IReadOnlyList<ShareFetchTarget> targets)
    {
        if (request.MinBytes <= 1)
        {
            return true;
        }

        var bytes = 0L;
        foreach (var target in targets)
        {
            if (target.Error != ErrorCode.None)
            {
                return true;
            }

            bytes += target.Live!.Peek(request.MaxBytes, isolation);
        }

        return bytes >= request.MinBytes;
    }

    public void Read(IReadOnlyList<ShareFetchTarget> targets)
    {
        foreach (var target in targets)
        {
            if (target.Error != ErrorCode.None)
            {
                Fail(target, target.Error);
                continue;
            }

            if (_recordsLeft <= 0 || _bytesLeft <= 0)
            {
                continue;
            }

            var order = new AcquireOrder((int)_recordsLeft, request.BatchSize, request.ShareAcquireMode == RecordLimit);
            var read = target.Live!.Acquire(request.MemberId!, order, _bytesLeft, isolation, context.Aborted);
            if (read.Error != ErrorCode.None)
            {
                Fail(target, read.Error);
            }
            else if (read.Acquired.Count > 0)
            {
                Take(target, read);
            }
        }
    }

    private void Take(ShareFetchTarget target, in ShareRead read)
    {
        var data = new ShareFetchResponse.PartitionData { PartitionIndex = target.Partition.Partition };
        if (context.TakesFileRecords)
        {
            data.Records = context.New<FileRecords>().Of(read.Records);
        }
        else
        {
            var buffer = context.RentBuffer(read.Records.Length);
            if (target.Live!.Log.CopyTo(read.Records, buffer.GetSpan(read.Records.Length)) is var error && error != ErrorCode.None)
            {
                // The records stay with the member until its lock runs out.
                Fail(target, error);
                return;
            }

            buffer.Advance(read.Records.Length);
            data.Records = buffer.WrittenMemory;
        }

        foreach (var range in read.Acquired)
        {
            data.AcquiredRecords.Add(new() { FirstOffset = range.First, LastOffset = range.Last, DeliveryCount = range.DeliveryCount });
            _recordsLeft -= range.Count;
            metrics.OnAcquired(range.Count);
        }

        _bytesLeft -= read.Records.Length;
        metrics.OnFetched(read.Records.Length);
        Found.Add((target.Partition, data));
    }

    private void Fail(ShareFetchTarget target, ErrorCode error) => Found.Add((target.Partition, new()
    {
        PartitionIndex = target.Partition.Partition,
        ErrorCode = error,
        ErrorMessage = ErrorCodes.Describe(error),
        Records = ReadOnlyMemory<byte>.Empty,
    }));
}
