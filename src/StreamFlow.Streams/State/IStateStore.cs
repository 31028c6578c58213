namespace StreamFlow.Streams.State;

/// <summary>A store of a task, as processors get it by name.</summary>
public interface IStateStore
{
    /// <summary>The store's name, unique in its topology.</summary>
    string Name { get; }
}
