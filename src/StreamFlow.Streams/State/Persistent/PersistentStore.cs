using StreamFlow.RocksDb;

namespace StreamFlow.Streams.State.Persistent;

/// <summary>
/// A store as a column family of its task's database, with what was written since the last commit in front of it. Nothing reaches the
/// database before <see cref="CollectInto"/>, so a task that is closed without a commit leaves the committed state behind.
/// </summary>
internal abstract class PersistentStore : IDisposable
{
    private readonly Stack<LayeredCursor> _spareCursors = new();

    protected PersistentStore(TaskDatabase database, StoreDescriptor descriptor)
    {
        Database = database;
        Descriptor = descriptor;
        Family = database.FamilyOf(descriptor);
        using var rows = database.Rocks.NewIterator(Family);
        HasRows = rows.SeekToFirst().IsValid;
    }

    /// <summary>What the store is.</summary>
    public StoreDescriptor Descriptor { get; }

    /// <summary>Bytes of memory that uncommitted writes take.</summary>
    public long PendingBytes => Pending.SizeInBytes;

    /// <summary>Where the committed rows are.</summary>
    public ColumnFamilyHandle Family { get; }

    protected TaskDatabase Database { get; }

    protected PendingWrites Pending { get; } = new();

    /// <summary>False while the family is known to be empty, which saves asking it.</summary>
    protected bool HasRows { get; private set; }

    /// <summary>Adds all uncommitted writes to a batch, in key order.</summary>
    public virtual void CollectInto(WriteBatch batch)
    {
        for (var node = Pending.First(); node != 0; node = Pending.Next(node))
        {
            if (Pending.IsDeleted(node))
            {
                if (HasRows)
                {
                    batch.Delete(Pending.KeyOf(node), Family);
                }
            }
            else
            {
                batch.Put(Pending.KeyOf(node), Pending.ValueOf(node), Family);
            }
        }
    }

    /// <summary>The batch has been written.</summary>
    public virtual void Committed()
    {
        HasRows |= Pending.Count > 0;
        Pending.Clear();
    }

    /// <summary>Rows were written to the family by a restore.</summary>
    public virtual void Restored() => HasRows = true;

    /// <inheritdoc/>
    public void Dispose() => Database.Forget(this);

    protected LayeredCursor Walk(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, int skip, bool descending)
    {
        if (!_spareCursors.TryPop(out var cursor))
        {
            cursor = new LayeredCursor(Pending, _spareCursors.Push);
        }

        return cursor.Open(HasRows ? Database.Rocks.NewIterator(Family) : null, from, to, skip, descending);
    }
}
