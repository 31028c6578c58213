using StreamFlow.Streams.Runtime;

namespace StreamFlow.Streams.Processors;

/// <summary>
/// One operator of one task: created with the task, stepped by one thread, reached by one virtual call per record.
/// <see cref="ProcessorNode{TKey,TValue}"/> is what a parent sees, <see cref="ProcessorNode{TKeyIn,TValueIn,TKeyOut,TValueOut}"/> adds the
/// children.
/// </summary>
internal abstract class ProcessorNode
{
    public string Name { get; private set; } = string.Empty;

    protected TaskContext Context { get; private set; } = null!;

    /// <summary>Connects the node to its task. Children are connected already, stores are open.</summary>
    public void Initialize(string name, TaskContext context)
    {
        Name = name;
        Context = context;
        OnInitialize();
    }

    /// <summary>Adds a child; children are called in the order in which they were added.</summary>
    public abstract void AddChild(ProcessorNode child);

    /// <summary>Called at every commit before the stores are written down; coalesced updates are forwarded here.</summary>
    public virtual void BeforeCommit()
    {
    }

    /// <summary>
    /// Called once before the first record when the task goes on after a restart: take back what <see cref="BeforeCommit"/> noted.
    /// </summary>
    public virtual void RestoreNotes()
    {
    }

    /// <summary>Releases what the node holds; called once when the task closes.</summary>
    public virtual void Close()
    {
    }

    protected virtual void OnInitialize()
    {
    }
}

/// <summary>An operator as its parents see it.</summary>
internal abstract class ProcessorNode<TKey, TValue> : ProcessorNode
{
    /// <summary>Takes one record through this operator and everything below it.</summary>
    public abstract void Process(in Record<TKey, TValue> record);

    public override void AddChild(ProcessorNode child) =>
        throw new InvalidOperationException($"node '{Name}' is terminal and takes no child");
}

/// <summary>An operator that forwards records.</summary>
internal abstract class ProcessorNode<TKeyIn, TValueIn, TKeyOut, TValueOut> : ProcessorNode<TKeyIn, TValueIn>
{
    private ProcessorNode<TKeyOut, TValueOut>[] _children = [];

    protected ReadOnlySpan<ProcessorNode<TKeyOut, TValueOut>> Children => _children;

    public override void AddChild(ProcessorNode child) => _children = [.. _children, (ProcessorNode<TKeyOut, TValueOut>)child];

    /// <summary>Hands a record to every child, depth first.</summary>
    protected void Forward(in Record<TKeyOut, TValueOut> record)
    {
        foreach (var child in _children)
        {
            ForwardTo(child, in record);
        }
    }

    protected void ForwardTo(ProcessorNode<TKeyOut, TValueOut> child, in Record<TKeyOut, TValueOut> record)
    {
        try
        {
            child.Process(in record);
        }
        catch (Exception e) when (Context.SkipsFailureOf(child, e, record.Timestamp))
        {
            // The handler answered Continue: the record ends at the failed child, its siblings still get it.
        }
    }
}
