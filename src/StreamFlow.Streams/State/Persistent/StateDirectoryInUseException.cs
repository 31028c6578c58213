using StreamFlow.Core.Errors;

namespace StreamFlow.Streams.State.Persistent;

/// <summary>Two instances want the same state directory.</summary>
public sealed class StateDirectoryInUseException : StorageException
{
    /// <summary>Creates the error.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="owner">Who holds it.</param>
    /// <param name="innerException">Why the lock could not be taken.</param>
    public StateDirectoryInUseException(string path, string owner, Exception? innerException = null)
        : base($"The state directory {path} is in use by {owner}. Stop that process, or give this one another state directory.",
            innerException)
    {
        Path = path;
        Owner = owner;
    }

    /// <summary>The directory.</summary>
    public string Path { get; }

    /// <summary>Who holds it, as far as is known.</summary>
    public string Owner { get; }
}
