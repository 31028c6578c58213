using StreamFlow.Broker.Partitions;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;
using StreamFlow.Storage;

namespace StreamFlow.Broker.Metadata;

/// <summary>
/// The log of what the cluster agrees on, and the image it gives. One change at a time: decide on the current image, append, make
/// durable, take on, tell the listener. Created and disposed by the broker; any thread may call.
/// </summary>
/// <param name="log">The partition <c>__cluster_metadata-0</c>.</param>
/// <param name="nodeId">This broker.</param>
/// <param name="clock">The time of the records.</param>
internal sealed class MetadataLog(Partition log, int nodeId, BrokerClock clock) : IDisposable
{
    /// <summary>The name of the log's directory without the partition.</summary>
    public const string TopicName = "__cluster_metadata";

    /// <summary>The id that Kafka reserves for the log.</summary>
    public static readonly Guid TopicId = new("00000000-0000-0000-0000-000000000001");

    private readonly SemaphoreSlim _gate = new(1);
    private readonly RecordBatchBuilder _batch = new();
    private MetadataImage _image = MetadataImage.Empty;

    /// <summary>The offset that the next change gets.</summary>
    public long EndOffset => log.LogEndOffset;

    /// <summary>The current image.</summary>
    public MetadataImage Image => Volatile.Read(ref _image);

    /// <summary>Called with the old and the new image before a change is reported as done.</summary>
    public Action<MetadataImage, MetadataImage>? Changed { get; set; }

    /// <summary>Rebuilds the image from the log.</summary>
    public void Replay() => LogReader.Replay(log, new Replayer(this));

    /// <summary>Makes a change that is decided on the image as it is then.</summary>
    /// <param name="decide">Gives the records to append; none leaves everything as it is.</param>
    /// <returns>The error of the log, if it had one.</returns>
    public async ValueTask<ErrorCode> ChangeAsync(Func<MetadataImage, IReadOnlyList<IVersioned>> decide)
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            var old = Image;
            var records = decide(old);
            if (records.Count == 0)
            {
                return ErrorCode.None;
            }

            var error = await AppendAsync(records).ConfigureAwait(false);
            if (error != ErrorCode.None)
            {
                return error;
            }

            var next = records.Aggregate(old, MetadataRecords.Apply);
            Volatile.Write(ref _image, next);
            Changed?.Invoke(old, next);
            return ErrorCode.None;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Takes a block of producer ids.</summary>
    /// <returns>The first of them.</returns>
    /// <exception cref="BrokerException">The log cannot be written.</exception>
    public async ValueTask<long> TakeProducerIdsAsync(int count)
    {
        var first = 0L;
        var error = await ChangeAsync(image =>
        {
            first = image.NextProducerId;
            return [new ProducerIdsRecord { BrokerId = nodeId, NextProducerId = first + count }];
        }).ConfigureAwait(false);
        return error == ErrorCode.None ? first : throw new BrokerException(error, "take a block of producer ids");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gate.Dispose();
        _batch.Dispose();
    }

    private async ValueTask<ErrorCode> AppendAsync(IReadOnlyList<IVersioned> records)
    {
        _batch.Reset();
        foreach (var record in records)
        {
            MetadataRecords.Append(_batch, record, clock.NowMs);
        }

        var error = log.Append(_batch.Finish(new RecordBatchOptions()), AppendOrigin.Coordinator).Error;
        return error == ErrorCode.None ? await log.FlushAsync().ConfigureAwait(false) : error;
    }

    private sealed class Replayer(MetadataLog owner) : ILogReplay
    {
        public void OnRecord(in RecordBatchView batch, in RecordView record) =>
            owner._image = MetadataRecords.Apply(owner._image, MetadataRecords.Read(record.Value));

        public void OnMarker(long producerId, bool isCommit)
        {
            // The metadata log has no transactions.
        }
    }
}
