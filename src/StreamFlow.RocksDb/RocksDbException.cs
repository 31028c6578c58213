using StreamFlow.Core.Errors;

namespace StreamFlow.RocksDb;

/// <summary>RocksDB reported an error: damage, a full disk, a lock that another process holds, wrong use.</summary>
public sealed class RocksDbException : StorageException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="operation">What was being done.</param>
    /// <param name="path">The database or file it was done to.</param>
    /// <param name="status">RocksDB's own message, such as <c>IO error: ...</c>.</param>
    public RocksDbException(string operation, string path, string status)
        : base($"RocksDB could not {operation} {path}: {status}")
    {
        Path = path;
        Status = status;
    }

    /// <summary>The database or file the operation was about.</summary>
    public string Path { get; }

    /// <summary>RocksDB's own message.</summary>
    public string Status { get; }

    /// <summary>True when stored bytes do not match their checksums or are missing: the store must be rebuilt.</summary>
    public bool IsCorruption => Status.StartsWith("Corruption", StringComparison.Ordinal);

    /// <summary>True when another process, or another object of this one, has the database open.</summary>
    public bool IsLocked => Status.Contains("lock ", StringComparison.OrdinalIgnoreCase);
}
