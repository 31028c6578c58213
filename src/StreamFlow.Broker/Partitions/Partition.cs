using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using StreamFlow.Broker.Purgatory;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;
using StreamFlow.Storage;

namespace StreamFlow.Broker.Partitions;

/// <summary>
/// A partition that this broker leads: its log, and the fetches that wait for it to grow. Errors of the disk become error codes here.
/// Created by <see cref="PartitionManager"/>; any thread may call.
/// </summary>
internal sealed partial class Partition(PartitionLog log, ILogger logger)
{
    /// <summary>There is one broker, so leadership never moves and the epoch never changes.</summary>
    public const int LeaderEpoch = 0;

    // Why the last append failed; null when it did not.
    private volatile string? _failure;

    /// <summary>Topic and number.</summary>
    public TopicPartition Id => log.TopicPartition;

    public WaiterList Waiters { get; } = new();

    public long LogStartOffset => log.LogStartOffset;

    public long LogEndOffset => log.LogEndOffset;

    public long HighWatermark => log.HighWatermark;

    public long SizeInBytes => log.SizeInBytes;

    /// <summary>The offset below which a reader sees records.</summary>
    public long EndFor(ReadIsolation isolation) => log.VisibleEnd(isolation);

    /// <summary>Compares the leader epoch that a client believes in; -1 skips the check (KIP-320).</summary>
    public static ErrorCode CheckEpoch(int clientsEpoch) => clientsEpoch switch
    {
        < 0 or LeaderEpoch => ErrorCode.None,
        > LeaderEpoch => ErrorCode.UnknownLeaderEpoch,
    };

    /// <summary>Appends a batch; waiting fetches are told.</summary>
    /// <param name="records">The batch. Its base offset and leader epoch are set in place.</param>
    /// <param name="origin">Who appends.</param>
    public AppendResult Append(ReadOnlyMemory<byte> records, AppendOrigin origin)
    {
        var stableBefore = log.LastStableOffset;
        AppendResult result;
        try
        {
            // The bytes are the request's own, or the coordinator's builder's: nobody else reads them.
            result = log.Append(MemoryMarshal.AsMemory(records).Span, LeaderEpoch, origin);
        }
        catch (StorageException e)
        {
            TellFailed(e);
            return Refused(ErrorCode.KafkaStorageError, e.Message);
        }
        catch (MissingNativeLibraryException e)
        {
            return Refused(ErrorCode.UnsupportedCompressionType, e.Message);
        }

        OnAppended(result, records.Length, stableBefore);
        return result;
    }

    /// <summary>Appends the marker that ends a producer's transaction.</summary>
    public ErrorCode AppendMarker(long producerId, short producerEpoch, bool isCommit, int coordinatorEpoch)
    {
        var stableBefore = log.LastStableOffset;
        try
        {
            var type = isCommit ? ControlRecordType.Commit : ControlRecordType.Abort;
            var result = log.AppendMarker(producerId, producerEpoch, type, coordinatorEpoch, LeaderEpoch);
            OnAppended(result, RecordBatch.HeaderSize, stableBefore);
            return result.Error;
        }
        catch (StorageException e)
        {
            TellFailed(e);
            return ErrorCode.KafkaStorageError;
        }
    }

    /// <summary>Ends when everything appended so far is durable.</summary>
    public ValueTask<ErrorCode> FlushAsync()
    {
        var flush = log.FlushAsync(log.LogEndOffset);
        return flush.IsCompletedSuccessfully ? new(ErrorCode.None) : AwaitAsync(flush);
    }

    /// <summary>Tells an observer when everything appended so far is durable.</summary>
    /// <param name="observer">Who is told.</param>
    /// <param name="mayRunHere">Whether this thread may be kept until the disk has synced.</param>
    /// <returns>False when it is already: the observer is not called.</returns>
    public bool RequestFlush(IFlushObserver observer, bool mayRunHere) => log.RequestFlush(log.LogEndOffset, observer, mayRunHere);

    /// <summary>The answer to those whose records could not be made durable.</summary>
    public ErrorCode OnFlushFailed(StorageException error)
    {
        LogFlushFailed(Id, error);
        return ErrorCode.KafkaStorageError;
    }

    /// <summary>Finds whole batches from an offset on; nothing is copied yet.</summary>
    public LogReadResult Read(long offset, int maxBytes, ReadIsolation isolation, bool atLeastOneBatch)
    {
        try
        {
            return log.Read(offset, maxBytes, isolation, atLeastOneBatch);
        }
        catch (StreamFlowException e)
        {
            LogReadFailed(Id, offset, e);
            return new LogReadResult
            {
                // Trying again would not help a reader that meets damage; it has to learn that it is there.
                Error = e is CorruptLogException ? ErrorCode.CorruptMessage : ErrorCode.KafkaStorageError,
                HighWatermark = HighWatermark,
                LogStartOffset = LogStartOffset,
            };
        }
    }

    /// <summary>Copies what a read found.</summary>
    public ErrorCode CopyTo(in LogReadResult read, Span<byte> destination)
    {
        try
        {
            read.CopyTo(destination);
            return ErrorCode.None;
        }
        catch (StreamFlowException e)
        {
            LogReadFailed(Id, read.BaseOffset, e);
            return ErrorCode.KafkaStorageError;
        }
    }

    public ErrorCode FindByTimestamp(long timestamp, ReadIsolation isolation, out TimestampOffset? found) =>
        Find(() => log.FindByTimestamp(timestamp, isolation), out found);

    public ErrorCode FindLargestTimestamp(out TimestampOffset? found) => Find(log.FindMaxTimestamp, out found);

    /// <summary>Where a leader epoch ends; epoch -1 and offset -1 when it is not known.</summary>
    public EpochEndOffset EndOfEpoch(int epoch) => epoch switch
    {
        > LeaderEpoch => new EpochEndOffset(-1, -1),
        LeaderEpoch => new EpochEndOffset(LeaderEpoch, LogEndOffset),
        _ => log.EndOffsetOfEpoch(epoch),
    };

    /// <summary>Deletes the records before an offset. What is only compacted keeps its last values, so nothing may be deleted.</summary>
    public ErrorCode DeleteBefore(long offset)
    {
        if (!log.Config.IsDeleted)
        {
            return ErrorCode.PolicyViolation;
        }

        try
        {
            return log.DeleteRecords(offset);
        }
        catch (StorageException e)
        {
            TellFailed(e);
            return ErrorCode.KafkaStorageError;
        }
    }

    /// <summary>What is known of the producers.</summary>
    public IReadOnlyList<ProducerStateInfo> Producers() => log.DescribeProducers();

    private void OnAppended(in AppendResult result, int bytes, long stableBefore)
    {
        if (result.Error == ErrorCode.None && !result.IsDuplicate)
        {
            if (_failure is not null)
            {
                _failure = null;
                LogAppendsAgain(Id);
            }

            Waiters.OnGrowth(bytes, log.LastStableOffset > stableBefore);
        }
    }

    // Producers try again and again on a full disk: the log says it once, not for each of their requests.
    private void TellFailed(StorageException failure)
    {
        if (_failure != failure.Message)
        {
            _failure = failure.Message;
            LogAppendFailed(Id, failure);
        }
    }

    private AppendResult Refused(ErrorCode error, string reason) => new()
    {
        Error = error,
        ErrorMessage = reason,
        BaseOffset = -1,
        LastOffset = -1,
        LogAppendTime = RecordBatch.NoTimestamp,
        LogStartOffset = LogStartOffset,
    };

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ErrorCode> AwaitAsync(ValueTask flush)
    {
        try
        {
            await flush.ConfigureAwait(false);
            return ErrorCode.None;
        }
        catch (StorageException e)
        {
            return OnFlushFailed(e);
        }
    }

    private ErrorCode Find(Func<TimestampOffset?> find, out TimestampOffset? found)
    {
        try
        {
            found = find();
            return ErrorCode.None;
        }
        catch (StreamFlowException e)
        {
            LogReadFailed(Id, LogStartOffset, e);
            found = null;
            return ErrorCode.KafkaStorageError;
        }
    }

    [LoggerMessage(EventIds.AppendFailed, LogLevel.Error, "Appending to {Partition} failed")]
    private partial void LogAppendFailed(TopicPartition partition, Exception exception);

    [LoggerMessage(EventIds.AppendsAgain, LogLevel.Information, "Appending to {Partition} works again")]
    private partial void LogAppendsAgain(TopicPartition partition);

    [LoggerMessage(EventIds.FlushFailed, LogLevel.Error, "Making {Partition} durable failed")]
    private partial void LogFlushFailed(TopicPartition partition, Exception exception);

    [LoggerMessage(EventIds.ReadFailed, LogLevel.Error, "Reading {Partition} at offset {Offset} failed")]
    private partial void LogReadFailed(TopicPartition partition, long offset, Exception exception);
}
