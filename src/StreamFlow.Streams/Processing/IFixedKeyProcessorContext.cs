using StreamFlow.Core.Records;

namespace StreamFlow.Streams.Processing;

/// <summary>The surroundings of a <see cref="FixedKeyProcessor{TKey,TValue,TValueOut}"/>.</summary>
/// <typeparam name="TValue">The output's value type.</typeparam>
public interface IFixedKeyProcessorContext<TValue> : ITaskContext
{
    /// <summary>Hands the input record on with another value.</summary>
    /// <param name="value">The value; null for none.</param>
    /// <param name="timestamp">Its time in ms; null for the input's.</param>
    /// <param name="headers">Its headers; null for the input's.</param>
    /// <exception cref="InvalidOperationException">Called outside of Process, where there is no input record.</exception>
    void Forward(TValue? value, long? timestamp = null, Headers? headers = null);

    /// <summary>Sends the record on without a value; value types cannot say so by <see cref="Forward"/>.</summary>
    void ForwardTombstone();
}
