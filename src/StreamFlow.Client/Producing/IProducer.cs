using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Producing;

/// <summary>
/// Writes records. Thread safe. Records of one partition are written in the order in which they were appended. Disposing flushes
/// (an open transaction is aborted).
/// </summary>
public interface IProducer : IAsyncDisposable
{
    /// <summary>
    /// Sends a record. The task ends when the broker has acknowledged it as <see cref="ProducerOptions.Acks"/> demands.
    /// The record's bytes are copied before the call returns, except while it waits for metadata or buffer space.
    /// The returned task may be awaited once only.
    /// </summary>
    /// <param name="record">The record.</param>
    /// <param name="cancellationToken">Ends the wait for metadata and buffer space; a record that was appended is sent anyway.</param>
    /// <exception cref="StreamFlowException">The record could not be written; <see cref="StreamFlowException.IsRetriable"/> says whether
    /// sending it again can help.</exception>
    ValueTask<RecordMetadata> SendAsync(ProducerRecord record, CancellationToken cancellationToken = default);

    /// <summary>
    /// Appends a record to its partition's open batch and returns; nobody is told of this single record. What became of it shows in
    /// <see cref="FlushAsync"/> and <see cref="ProducerOptions.OnDelivery"/>.
    /// </summary>
    /// <param name="topic">The topic.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="timestamp">ms since 1970.</param>
    /// <param name="hasKey">False for a null key.</param>
    /// <param name="key">The key's bytes, copied.</param>
    /// <param name="hasValue">False for a tombstone.</param>
    /// <param name="value">The value's bytes, copied.</param>
    /// <param name="headers">The headers, <see cref="Headers.Empty"/> for none.</param>
    /// <returns>False, with nothing appended, when the buffers are full: await <see cref="WaitForSpaceAsync"/> and append again.</returns>
    /// <exception cref="StreamFlowException">The producer is closed or fenced, or its transaction has failed.</exception>
    bool TryAppend(
        string topic, int partition, long timestamp, bool hasKey, ReadOnlySpan<byte> key, bool hasValue, ReadOnlySpan<byte> value,
            Headers headers);

    /// <summary>Ends when there is room for more records.</summary>
    ValueTask WaitForSpaceAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Sends what is buffered without further waiting, and ends when everything appended before this call is acknowledged or has failed.
    /// </summary>
    /// <exception cref="StreamFlowException">The first failure, since the last flush, of a record that nobody awaits.</exception>
    Task FlushAsync(CancellationToken cancellationToken = default);

    /// <summary>The partitions of a topic, from metadata; creates the topic when the broker does so on demand.</summary>
    /// <exception cref="BrokerException">The topic does not exist.</exception>
    ValueTask<IReadOnlyList<PartitionMetadata>> PartitionsForAsync(string topic, CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes over the transactional id: fences older producers with it and finishes their open transaction. Once, before the first
    /// transaction.
    /// </summary>
    /// <exception cref="StreamFlowException">The id cannot be taken over.</exception>
    Task InitTransactionsAsync(CancellationToken cancellationToken = default);

    /// <summary>Begins a transaction; what is sent until commit or abort belongs to it.</summary>
    /// <exception cref="InvalidOperationException">Transactions are not initialised, or one is open.</exception>
    void BeginTransaction();

    /// <summary>Makes offsets of a consumer group part of the transaction.</summary>
    /// <param name="offsets">The next offset to process of each partition.</param>
    /// <param name="group">The group, and the member for which they were processed (<see
    /// cref="Consuming.IConsumer.GroupMetadata"/>).</param>
    /// <param name="cancellationToken">Ends the wait; the transaction must be aborted then.</param>
    /// <exception cref="CommitFailedException">The member is not part of the group's current generation: abort.</exception>
    /// <exception cref="ProducerFencedException">A newer producer took over.</exception>
    Task SendOffsetsToTransactionAsync(
        IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group,
            CancellationToken cancellationToken = default);

    /// <summary>Flushes and commits the transaction.</summary>
    /// <exception cref="TransactionAbortableException">A record of it failed: abort.</exception>
    /// <exception cref="ProducerFencedException">A newer producer took over; nothing was committed.</exception>
    Task CommitTransactionAsync(CancellationToken cancellationToken = default);

    /// <summary>Drops what is not sent yet and aborts the transaction.</summary>
    /// <exception cref="ProducerFencedException">A newer producer took over.</exception>
    Task AbortTransactionAsync(CancellationToken cancellationToken = default);
}
