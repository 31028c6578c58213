using System.Runtime.CompilerServices;
using StreamFlow.Core.Buffers;
using StreamFlow.Core.IO;
using StreamFlow.Core.Memory;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;
using StreamFlow.RocksDb;

namespace StreamFlow.Streams.State.Persistent;

/// <summary>
/// Fills one store from its changelog, in bulk: rows are collected, deduplicated and sorted in chunks; a large chunk enters the database as
/// a table file, a small one as a write batch, both with the position it reaches. An interruption costs at most one chunk.
/// Used by one thread at a time, before the store's task processes records. Dispose drops what was not written.
/// </summary>
/// <remarks>
/// <see cref="ChangelogRows"/> says how records become rows; rows of timed stores that are past the retention already are not written.
/// </remarks>
internal sealed class StoreRestorer : IDisposable
{
    private const int ChunkBytes = 96 << 20;
    private const int ChunkRows = 1 << 20;

    /// <summary>From this many rows on a table file (a file to write, sync and link) is cheaper than a batch.</summary>
    private const int TableFileRows = 20_000;

    private readonly TaskDatabase _database;
    private readonly PersistentStore _store;
    private readonly RocksDbEnvironment _environment;
    private readonly IFileSystem _files;
    private readonly string _tableFile;
    private readonly RestoreBuffer _buffer = new();
    private readonly WriteBatch _batch = new();
    private readonly MemoryClaim _memory;
    private readonly PooledBufferWriter _prefix = new();
    private readonly PooledBufferWriter _versionKey = new();
    private readonly bool _keepsDeletions;
    private byte[] _key = new byte[64];
    private long _newest = long.MinValue;

    public StoreRestorer(
        TaskDatabase database, PersistentStore store, TopicPartition changelog, RocksDbEnvironment environment, IFileSystem files)
    {
        _database = database;
        _store = store;
        _environment = environment;
        _memory = environment.Memory[MemoryUse.StoreCache].Claim();
        _files = files;
        Changelog = changelog;
        _keepsDeletions = ChangelogRows.KeepsDeletions(store.Descriptor);
        Position = database.PositionOf(changelog) ?? 0;
        _tableFile = $"{database.Rocks.Path}.{store.Descriptor.Name}.restore";
    }

    /// <summary>The store's name.</summary>
    public string Store => _store.Descriptor.Name;

    /// <summary>What it is filled from.</summary>
    public TopicPartition Changelog { get; }

    /// <summary>The next offset wanted.</summary>
    public long Position { get; private set; }

    /// <summary>Records taken so far.</summary>
    public long Restored { get; private set; }

    /// <summary>Takes the records of one batch.</summary>
    /// <param name="cursor">Stands at the first record wanted.</param>
    /// <param name="records">The bytes it walks, not compressed.</param>
    /// <param name="limit">Records from this offset on are left out.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(RecordCursor cursor, ReadOnlySpan<byte> records, long limit = long.MaxValue)
    {
        while (cursor.TryRead(records, out var record) && record.Offset < limit)
        {
            if (record.Offset >= Position && record.HasKey)
            {
                AddRow(in record);
                Restored++;
            }

            Position = Math.Max(Position, record.Offset + 1);
        }

        if (_buffer.SizeInBytes >= ChunkBytes || _buffer.Count >= ChunkRows)
        {
            Shrink();
        }

        var more = _buffer.SizeInBytes - _memory.Held;
        if (more > 0 && !_memory.TryGrow(more))
        {
            Write();
        }
    }

    /// <summary>Everything up to this offset has been offered: writes what is left.</summary>
    /// <param name="end">The changelog's end, behind control records and compacted ones too.</param>
    public void Complete(long end)
    {
        Position = Math.Max(Position, end);
        Write();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _batch.Dispose();
        _memory.Shrink(_memory.Held);
        _memory.Dispose();
        _prefix.Dispose();
        _versionKey.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddRow(in RecordView record)
    {
        var key = record.Key;
        if (_store is PersistentTimedStore timed)
        {
            var time = ChangelogRows.TimeOf(_store.Descriptor, key);
            _newest = Math.Max(_newest, time);
            if (time <= _newest - _store.Descriptor.RetentionMs)
            {
                return;
            }

            key = _key.AsSpan(0, timed.WriteRowKey(key, time, ref _key));
        }
        else if (_keepsDeletions)
        {
            _versionKey.Clear();
            _versionKey.Write(key);
            ChangelogRows.WriteKeySuffix(_store.Descriptor, record.Timestamp, _versionKey);
            key = _versionKey.WrittenSpan;
        }

        _prefix.Clear();
        ChangelogRows.WriteValuePrefix(_store.Descriptor, record.HasValue, record.Timestamp, _prefix);
        _buffer.Add(key, _prefix.WrittenSpan, record.HasValue || _keepsDeletions, record.Value);
    }

    /// <summary>A full chunk: where most rows were replaced by later ones it goes on filling, else it is written.</summary>
    private void Shrink()
    {
        _buffer.Sort();
        if (_buffer.Count <= ChunkRows / 2)
        {
            _buffer.Compact();
        }

        if (_buffer.SizeInBytes > ChunkBytes / 2 || _buffer.Count > ChunkRows / 2)
        {
            Write();
        }
    }

    private void Write()
    {
        _buffer.Sort();
        _batch.Clear();
        if (_buffer.Count >= TableFileRows)
        {
            WriteTableFile();
        }
        else
        {
            _buffer.CopyTo(_batch, _store.Family);
        }

        var rows = _buffer.Count;
        if (_store is PersistentTimedStore timed && _newest >= 0)
        {
            timed.WriteNewestTime(_newest, _batch);
        }

        _database.WriteRestored(_batch, Changelog, Position);
        _buffer.Clear();
        _memory.Shrink(_memory.Held);
        if (rows > 0)
        {
            _store.Restored();
        }
    }

    private void WriteTableFile()
    {
        try
        {
            using (var file = new SstFileWriter(_environment.OptionsOf(_store.Descriptor)))
            {
                file.Open(_tableFile);
                _buffer.CopyTo(file);
                file.Finish();
            }

            using var options = new IngestExternalFileOptions().SetMoveFiles().SetSnapshotConsistency(false);
            _database.Rocks.IngestExternalFiles([_tableFile], options, _store.Family);
        }
        finally
        {
            _files.DeleteFile(_tableFile);
        }
    }
}
