using StreamFlow.Core.Buffers;
using StreamFlow.Core.Records;
using StreamFlow.Core.Serialization;

namespace StreamFlow.Client.Producing;

/// <summary>Typed writing.</summary>
public static class ProducerExtensions
{
    /// <summary>Serialises and sends a record. A null key or value has no bytes.</summary>
    /// <typeparam name="TKey">The key's type.</typeparam>
    /// <typeparam name="TValue">The value's type.</typeparam>
    /// <param name="producer">The producer.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; null is a tombstone.</param>
    /// <param name="keySerde">Writes keys.</param>
    /// <param name="valueSerde">Writes values.</param>
    /// <param name="timestamp">ms since 1970; null takes the clock.</param>
    /// <param name="headers">The headers; null for none.</param>
    /// <param name="cancellationToken">Ends the wait for metadata and buffer space.</param>
    /// <exception cref="Core.Errors.StreamFlowException">The record could not be written.</exception>
    public static async ValueTask<RecordMetadata> SendAsync<TKey, TValue>(
        this IProducer producer,
        string topic,
        TKey? key,
        TValue? value,
        Serde<TKey> keySerde,
        Serde<TValue> valueSerde,
        long? timestamp = null,
        Headers? headers = null,
        CancellationToken cancellationToken = default)
    {
        using var buffer = new PooledBufferWriter();
        if (key is not null)
        {
            keySerde.Serialize(key, buffer, new SerdeContext(topic, SerdeTarget.Key, headers ?? Headers.Empty));
        }

        var keyLength = buffer.WrittenCount;
        if (value is not null)
        {
            valueSerde.Serialize(value, buffer, new SerdeContext(topic, SerdeTarget.Value, headers ?? Headers.Empty));
        }

        var bytes = buffer.WrittenMemory;
        var record = new ProducerRecord(topic, Present(key is null, bytes[..keyLength]), Present(value is null, bytes[keyLength..]))
        {
            Timestamp = timestamp,
            Headers = headers,
        };
        return await producer.SendAsync(record, cancellationToken).ConfigureAwait(false);
    }

    private static ReadOnlyMemory<byte>? Present(bool isNull, ReadOnlyMemory<byte> bytes) =>
        isNull ? default(ReadOnlyMemory<byte>?) : bytes;
}
