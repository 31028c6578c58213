namespace StreamFlow.Core.Memory;

/// <summary>What memory is taken for: each use has a part of the process's <see cref="MemoryBudget"/> of its own.</summary>
public enum MemoryUse
{
    /// <summary>Typed rows of state stores, and rows that wait to be restored.</summary>
    StoreCache,

    /// <summary>Blocks of RocksDB files.</summary>
    BlockCache,

    /// <summary>Rows that RocksDB has not written to files yet.</summary>
    Memtable,

    /// <summary>Batches that consumers have fetched and the application has not given back.</summary>
    Fetch,

    /// <summary>Records of producers that are not acknowledged.</summary>
    Produce,

    /// <summary>Requests that a broker has received and not answered.</summary>
    Request,
}
