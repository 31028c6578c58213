using System.Buffers.Binary;
using StreamFlow.Core.IO;

namespace StreamFlow.Storage.Segments;

/// <summary>
/// The aborted transactions whose markers stand in a segment, in order of the markers. The file exists only when there are some.
/// <code>
///   0  int16  version 0
///   2  int64  producer id
///  10  int64  first offset of the transaction
///  18  int64  offset of the marker
///  26  int64  last stable offset at the time of the marker
/// </code>
/// The format is Kafka's and may not change. Entries are few and are kept in memory as an array that is replaced, never changed.
/// </summary>
internal sealed class TransactionIndex(IFileSystem files, string path)
{
    public const int EntrySize = 34;

    private AbortedTransaction[] _entries = [];

    public string Path { get; private set; } = path;

    public AbortedTransaction[] Entries => Volatile.Read(ref _entries);

    /// <summary>Takes over what the file holds.</summary>
    /// <returns>False when it is damaged and has to be rebuilt.</returns>
    public bool TryLoad()
    {
        if (!files.FileExists(Path))
        {
            return true;
        }

        var bytes = files.ReadAllBytes(Path).AsSpan();
        var entries = new AbortedTransaction[bytes.Length / EntrySize];
        for (var i = 0; i < entries.Length; i++)
        {
            var entry = bytes[(i * EntrySize)..];
            entries[i] = new AbortedTransaction(
                BinaryPrimitives.ReadInt64BigEndian(entry[2..]),
                BinaryPrimitives.ReadInt64BigEndian(entry[10..]),
                BinaryPrimitives.ReadInt64BigEndian(entry[18..]),
                BinaryPrimitives.ReadInt64BigEndian(entry[26..]));
            if (BinaryPrimitives.ReadInt16BigEndian(entry) != 0 || entries[i].LastOffset < entries[i].FirstOffset)
            {
                return false;
            }
        }

        _entries = entries;
        return bytes.Length % EntrySize == 0;
    }

    public void Reset()
    {
        _entries = [];
        files.DeleteFile(Path);
    }

    /// <summary>Appends to memory and file; aborts are rare enough for a system call each.</summary>
    public void Append(AbortedTransaction transaction)
    {
        Span<byte> entry = stackalloc byte[EntrySize];
        BinaryPrimitives.WriteInt16BigEndian(entry, 0);
        BinaryPrimitives.WriteInt64BigEndian(entry[2..], transaction.ProducerId);
        BinaryPrimitives.WriteInt64BigEndian(entry[10..], transaction.FirstOffset);
        BinaryPrimitives.WriteInt64BigEndian(entry[18..], transaction.LastOffset);
        BinaryPrimitives.WriteInt64BigEndian(entry[26..], transaction.LastStableOffset);
        using (var file = files.Open(Path))
        {
            file.Write(entry, (long)_entries.Length * EntrySize);
        }

        Volatile.Write(ref _entries, [.. _entries, transaction]);
    }

    /// <summary>Drops transactions whose marker is at or above the offset.</summary>
    public void TruncateTo(long offset)
    {
        var kept = Array.FindAll(_entries, e => e.LastOffset < offset);
        if (kept.Length < _entries.Length)
        {
            using var file = files.Open(Path);
            file.SetLength((long)kept.Length * EntrySize);
            Volatile.Write(ref _entries, kept);
        }
    }

    public void Sync()
    {
        if (_entries.Length > 0)
        {
            using var file = files.Open(Path);
            file.Sync();
        }
    }

    public void MoveTo(string path)
    {
        if (files.FileExists(Path))
        {
            files.Move(Path, path);
        }

        Path = path;
    }
}
