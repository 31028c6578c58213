using System.Buffers;

namespace StreamFlow.Streams.State.Persistent;

/// <summary>A store of keys without expiry in RocksDB.</summary>
internal sealed class PersistentBytesStore : PersistentStore, IBytesStore
{
    public PersistentBytesStore(TaskDatabase database, StoreDescriptor descriptor)
        : base(database, descriptor)
    {
    }

    /// <inheritdoc/>
    public bool TryGet(ReadOnlySpan<byte> key, IBufferWriter<byte> value)
    {
        if (Pending.Find(key) is var node and not 0)
        {
            if (Pending.IsDeleted(node))
            {
                return false;
            }

            value.Write(Pending.ValueOf(node));
            return true;
        }

        return HasRows && Database.Rocks.TryGet(key, value, Family);
    }

    /// <inheritdoc/>
    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => Pending.Put(key, value);

    /// <inheritdoc/>
    public void Delete(ReadOnlySpan<byte> key) => Pending.Delete(key);

    /// <inheritdoc/>
    public IBytesIterator Range(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, bool descending = false) =>
        Walk(from, to, skip: 0, descending);
}
