namespace StreamFlow.Streams.Processing;

/// <summary>The surroundings of a <see cref="Processor{TKey,TValue,TKeyOut,TValueOut}"/>.</summary>
/// <typeparam name="TKey">The output's key type.</typeparam>
/// <typeparam name="TValue">The output's value type.</typeparam>
public interface IProcessorContext<TKey, TValue> : ITaskContext
{
    /// <summary>Hands a record to all operators behind this one; returns when they are done with it.</summary>
    void Forward(in Record<TKey, TValue> record);

    /// <summary>Hands a record to one operator behind this one.</summary>
    /// <exception cref="Errors.StreamsException">There is no such operator.</exception>
    void Forward(in Record<TKey, TValue> record, string childName);
}
