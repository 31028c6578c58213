namespace StreamFlow.Streams.Processing;

/// <summary>
/// An operator of the user's own that cannot change keys, so that the partitioning stays. Otherwise as <see
/// cref="Processor{TKey,TValue,TKeyOut,TValueOut}"/>.
/// </summary>
/// <typeparam name="TKey">The key's type.</typeparam>
/// <typeparam name="TValue">The input's value type.</typeparam>
/// <typeparam name="TValueOut">The output's value type.</typeparam>
public abstract class FixedKeyProcessor<TKey, TValue, TValueOut>
{
    /// <summary>Forwarding, stores, punctuations; set before <see cref="Initialize"/>.</summary>
    protected IFixedKeyProcessorContext<TValueOut> Context { get; private set; } = null!;

    /// <summary>Called once, before the first record: get stores and schedule punctuations here.</summary>
    protected virtual void Initialize()
    {
    }

    /// <summary>Takes one record.</summary>
    public abstract void Process(in Record<TKey, TValue> record);

    /// <summary>Called once, when the task closes.</summary>
    public virtual void Close()
    {
    }

    internal void Start(IFixedKeyProcessorContext<TValueOut> context)
    {
        Context = context;
        Initialize();
    }
}
