namespace StreamFlow.Streams.State;

/// <summary>What the runtime must know of a store to open, log and restore it; the types are the store's own business.</summary>
public sealed record StoreDescriptor
{
    /// <summary>The store's name, unique in its topology.</summary>
    public required string Name { get; init; }

    /// <summary>What it keeps.</summary>
    public required StoreKind Kind { get; init; }

    /// <summary>Whether changes go to a changelog topic, from which the store is restored.</summary>
    public bool IsLogged { get; init; } = true;

    /// <summary>Whether downstream updates may be held back until commit, so that only the last of a key is sent.</summary>
    public bool IsCached { get; init; }

    /// <summary>How long rows of window, session and versioned stores are kept, in ms; 0 for the others.</summary>
    public long RetentionMs { get; init; }

    /// <summary>Whether rows of one key and time are kept beside each other (the stores of stream-stream joins).</summary>
    public bool RetainsDuplicates { get; init; }

    /// <summary>The topic that doubles as changelog; null when the store has a changelog of its own.</summary>
    public string? SourceTopic { get; init; }

    /// <summary>Whether every instance keeps the whole of it, filled from <see cref="SourceTopic"/>.</summary>
    public bool IsGlobal { get; init; }

    /// <summary>Whether a task's part of it can be filled from a topic.</summary>
    public bool CanBeRestored => !IsGlobal && (IsLogged || SourceTopic is not null);

    /// <summary>Topic settings of the changelog which go over the library's.</summary>
    public IReadOnlyDictionary<string, string> ChangelogConfig { get; init; } = EmptyConfig;

    private static IReadOnlyDictionary<string, string> EmptyConfig { get; } = new Dictionary<string, string>();

    /// <summary>Whether values are kept behind their timestamp (8 bytes, big-endian).</summary>
    public bool IsTimestamped => Kind is StoreKind.TimestampedKeyValue or StoreKind.TimestampedWindow;

    /// <summary>Whether rows expire by time.</summary>
    public bool IsTimed => Kind is StoreKind.Window or StoreKind.TimestampedWindow or StoreKind.Session;
}
