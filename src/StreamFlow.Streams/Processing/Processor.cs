namespace StreamFlow.Streams.Processing;

/// <summary>
/// An operator of the user's own: any output for any input, with stores and punctuations. One instance is made per task and used by
/// one thread at a time, so it may keep state of its own; only stores survive the task.
/// </summary>
/// <typeparam name="TKey">The input's key type.</typeparam>
/// <typeparam name="TValue">The input's value type.</typeparam>
/// <typeparam name="TKeyOut">The output's key type.</typeparam>
/// <typeparam name="TValueOut">The output's value type.</typeparam>
public abstract class Processor<TKey, TValue, TKeyOut, TValueOut>
{
    /// <summary>Forwarding, stores, punctuations; set before <see cref="Initialize"/>.</summary>
    protected IProcessorContext<TKeyOut, TValueOut> Context { get; private set; } = null!;

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

    internal void Start(IProcessorContext<TKeyOut, TValueOut> context)
    {
        Context = context;
        Initialize();
    }
}
