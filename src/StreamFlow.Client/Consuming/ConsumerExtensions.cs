using System.Runtime.CompilerServices;
using StreamFlow.Core.Records;
using StreamFlow.Core.Serialization;

namespace StreamFlow.Client.Consuming;

/// <summary>Typed reading, record by record.</summary>
public static class ConsumerExtensions
{
    /// <summary>
    /// Reads records as objects, until cancelled. When the enumeration stops early, the rest of its batch is read again by the next poll.
    /// </summary>
    /// <typeparam name="TKey">The key's type.</typeparam>
    /// <typeparam name="TValue">The value's type.</typeparam>
    /// <param name="consumer">The consumer; nobody else may use it meanwhile.</param>
    /// <param name="keySerde">Reads keys.</param>
    /// <param name="valueSerde">Reads values.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <exception cref="Core.Errors.SerializationException">Bytes are not such a key or value; the position stays in front of the
    /// record.</exception>
    public static async IAsyncEnumerable<ConsumedRecord<TKey, TValue>> ConsumeAsync<TKey, TValue>(
        this IConsumer consumer, Serde<TKey> keySerde, Serde<TValue> valueSerde,
            [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            using var batch = await consumer.PollAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
            if (batch is null)
            {
                continue;
            }

            var done = batch.FirstOffset;
            try
            {
                while (TryRead(batch, keySerde, valueSerde, out var record))
                {
                    // Handed out is read, even when the enumeration stops right here.
                    done = record!.Offset + 1;
                    yield return record;
                }

                done = batch.NextOffset;
            }
            finally
            {
                if (done < batch.NextOffset && consumer.Assignment.Contains(batch.Partition))
                {
                    consumer.Seek(batch.Partition, done);
                }
            }
        }
    }

    internal static bool TryRead<TKey, TValue>(
        RecordBatchLease batch, Serde<TKey> keySerde, Serde<TValue> valueSerde, out ConsumedRecord<TKey, TValue>? record)
    {
        record = null;
        if (!batch.TryRead(out var view))
        {
            return false;
        }

        var headers = view.ReadHeaders();
        var topic = batch.Partition.Topic;
        record = new(
            batch.Partition,
            view.Offset,
            view.Timestamp,
            view.HasKey ? keySerde.Deserialize(view.Key, new SerdeContext(topic, SerdeTarget.Key, headers)) : default,
            view.HasValue ? valueSerde.Deserialize(view.Value, new SerdeContext(topic, SerdeTarget.Value, headers)) : default,
            view.HasKey,
            view.HasValue,
            headers);
        return true;
    }
}
