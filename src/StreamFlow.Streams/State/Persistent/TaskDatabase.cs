using System.Buffers.Binary;
using System.Text;
using StreamFlow.Core.Memory;
using StreamFlow.Core.Topics;
using StreamFlow.RocksDb;
using Rocks = StreamFlow.RocksDb.RocksDb;

namespace StreamFlow.Streams.State.Persistent;

/// <summary>
/// The database of one task: a column family per store, and in the default family how far the store's changelogs (and, at least once, the
/// task's inputs) are contained in it. Owned by the task and used by the thread that steps it.
/// </summary>
/// <remarks>
/// The write-ahead log is off. A commit is one batch: rows of all stores and positions. Memtables reach disk together (atomic flush), so
/// what a crash leaves is the state after some earlier commit, with the positions that belong to it; restoring goes on from there.
/// An explicit <see cref="Flush"/> writes families one by one, positions last: a crash in between leaves rows newer than the positions, and
/// replaying the changelog over them gives the same rows again.
/// Format of the default family: key = topic name in UTF-8, int32 partition (big-endian); value = int64 next offset.
/// </remarks>
internal sealed class TaskDatabase : IDisposable
{
    private readonly RocksDbEnvironment _environment;
    private readonly Action<long>? _flushed;
    private readonly Dictionary<TopicPartition, long> _positions = [];
    private readonly Dictionary<TopicPartition, byte[]> _positionKeys = [];
    private readonly List<PersistentStore> _stores = [];
    private readonly WriteBatch _batch = new();
    private readonly MemoryClaim _memtables;

    private TaskDatabase(RocksDbEnvironment environment, Rocks rocks, Action<long>? flushed)
    {
        _environment = environment;
        _flushed = flushed;
        _memtables = environment.Memory[MemoryUse.Memtable].Claim();
        Rocks = rocks;
        LoadPositions();
    }

    /// <summary>The database.</summary>
    public Rocks Rocks { get; }

    /// <summary>Bytes of memory that uncommitted writes of all stores take.</summary>
    public long PendingBytes
    {
        get
        {
            long sum = 0;
            foreach (var store in _stores)
            {
                sum += store.PendingBytes;
            }

            return sum;
        }
    }

    /// <summary>Records that the stores' changelogs have advanced by since the last flush.</summary>
    public long UnflushedChanges { get; private set; }

    /// <summary>The stores opened so far.</summary>
    public IReadOnlyList<PersistentStore> Stores => _stores;

    /// <summary>Opens or creates the database in a directory.</summary>
    /// <param name="environment">What databases share.</param>
    /// <param name="directory">Where it is.</param>
    /// <param name="stores">The stores of the task.</param>
    /// <param name="flushed">Told the sum of all positions when what they stand for has reached the disk; null for nobody.</param>
    /// <exception cref="RocksDbException">It is locked, damaged, or cannot be read.</exception>
    public static TaskDatabase Open(
        RocksDbEnvironment environment, string directory, IEnumerable<StoreDescriptor> stores, Action<long>? flushed = null)
    {
        var families = new ColumnFamilies(environment.Keyed);
        foreach (var store in stores)
        {
            if (store.Name == ColumnFamilyHandle.DefaultName)
            {
                throw new Errors.StreamsException(
                    $"a store cannot be named '{store.Name}': RocksDB keeps that name for itself; choose another");
            }

            families.Add(store.Name, environment.OptionsOf(store));
        }

        var unknown = new List<string>();
        if (Rocks.TryListColumnFamilies(environment.Database, directory, out var existing))
        {
            foreach (var name in existing)
            {
                if (!families.Contains(name))
                {
                    unknown.Add(name);
                    families.Add(name, environment.Keyed);
                }
            }
        }

        var rocks = Rocks.Open(environment.Database, directory, families);
        foreach (var name in unknown)
        {
            // A store that the topology no longer has.
            rocks.DropColumnFamily(name);
        }

        return new TaskDatabase(environment, rocks, flushed);
    }

    /// <summary>The column family of a store.</summary>
    public ColumnFamilyHandle FamilyOf(StoreDescriptor descriptor) =>
        Rocks.TryGetColumnFamily(descriptor.Name, out var family)
            ? family
            : Rocks.CreateColumnFamily(_environment.OptionsOf(descriptor), descriptor.Name);

    /// <summary>Opens a store without expiry.</summary>
    public PersistentBytesStore OpenBytes(StoreDescriptor descriptor) => Add(new PersistentBytesStore(this, descriptor));

    /// <summary>Opens a store whose rows expire.</summary>
    public PersistentTimedStore OpenTimed(StoreDescriptor descriptor) => Add(new PersistentTimedStore(this, descriptor));

    /// <summary>The next offset of a topic partition that this state does not contain yet; null when nothing of it is.</summary>
    public long? PositionOf(TopicPartition partition) => _positions.TryGetValue(partition, out var position) ? position : null;

    /// <summary>
    /// Makes everything written since the last commit, and the positions it stands for, part of the state: all or nothing.
    /// </summary>
    /// <param name="positions">Next offsets of changelogs and inputs; those not named stay.</param>
    public void Commit(IEnumerable<KeyValuePair<TopicPartition, long>> positions)
    {
        _batch.Clear();
        foreach (var store in _stores)
        {
            store.CollectInto(_batch);
        }

        AddPositions(_batch, positions);
        if (_batch.Count > 0)
        {
            Rocks.Write(_batch, _environment.Unlogged);
        }

        foreach (var store in _stores)
        {
            store.Committed();
        }

        CountMemtables(_batch.DataSize);
    }

    /// <summary>Writes restored rows together with the position they reach.</summary>
    public void WriteRestored(WriteBatch batch, TopicPartition changelog, long position)
    {
        AddPositions(batch, [new(changelog, position)]);
        Rocks.Write(batch, _environment.Unlogged);
        CountMemtables(batch.DataSize);
    }

    /// <summary>Forgets a changelog's position, so that its store is restored from the beginning.</summary>
    public void ForgetPosition(TopicPartition partition)
    {
        if (_positions.Remove(partition))
        {
            Rocks.Remove(PositionKey(partition), options: _environment.Unlogged);
        }
    }

    /// <summary>Brings the committed state to disk and waits for it.</summary>
    public void Flush()
    {
        var families = new ColumnFamilyHandle[_stores.Count + 1];
        for (var i = 0; i < _stores.Count; i++)
        {
            families[i] = _stores[i].Family;
        }

        families[^1] = Rocks.DefaultColumnFamily;
        Rocks.Flush(families);
        _memtables.Shrink(_memtables.Held);
        UnflushedChanges = 0;
        _flushed?.Invoke(_positions.Values.Sum());
    }

    /// <summary>Closes the database. What was not committed is dropped; what was is flushed.</summary>
    public void Dispose()
    {
        _batch.Dispose();
        Rocks.Dispose();
        _memtables.Shrink(_memtables.Held);
        _memtables.Dispose();
        _flushed?.Invoke(_positions.Values.Sum());
    }

    internal void Forget(PersistentStore store) => _stores.Remove(store);

    /// <summary>
    /// Counts what was written, and writes memtables to files when those of all databases have no room for it. One that is full RocksDB
    /// writes by itself, so that more than that is never there.
    /// </summary>
    private void CountMemtables(long written)
    {
        var more = Math.Min(written, _environment.MemtableBytes - _memtables.Held);
        if ((more > 0 && !_memtables.TryGrow(more)) || _memtables.ShouldYield())
        {
            Flush();
        }
    }

    private T Add<T>(T store)
        where T : PersistentStore
    {
        _stores.Add(store);
        return store;
    }

    private void AddPositions(WriteBatch batch, IEnumerable<KeyValuePair<TopicPartition, long>> positions)
    {
        Span<byte> value = stackalloc byte[sizeof(long)];
        foreach (var (partition, position) in positions)
        {
            UnflushedChanges += position - _positions.GetValueOrDefault(partition);
            _positions[partition] = position;
            BinaryPrimitives.WriteInt64BigEndian(value, position);
            batch.Put(PositionKey(partition), value, Rocks.DefaultColumnFamily);
        }
    }

    private void LoadPositions()
    {
        using var rows = Rocks.NewIterator();
        for (rows.SeekToFirst(); rows.IsValid; rows.Next())
        {
            var topic = Encoding.UTF8.GetString(rows.Key[..^sizeof(int)]);
            var partition = BinaryPrimitives.ReadInt32BigEndian(rows.Key[^sizeof(int)..]);
            _positions[new TopicPartition(topic, partition)] = BinaryPrimitives.ReadInt64BigEndian(rows.Value);
        }

        rows.ThrowIfFailed();
    }

    private byte[] PositionKey(TopicPartition partition)
    {
        if (_positionKeys.TryGetValue(partition, out var known))
        {
            return known;
        }

        var length = Encoding.UTF8.GetByteCount(partition.Topic);
        var key = new byte[length + sizeof(int)];
        Encoding.UTF8.GetBytes(partition.Topic, key);
        BinaryPrimitives.WriteInt32BigEndian(key.AsSpan(length), partition.Partition);
        _positionKeys.Add(partition, key);
        return key;
    }
}
