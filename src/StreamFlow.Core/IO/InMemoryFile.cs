namespace StreamFlow.Core.IO;

/// <summary>
/// The content of one file in memory, in pages, so that growing copies no bytes. One thread writes; others may read what was
/// written before they looked at the length.
/// </summary>
internal sealed class InMemoryFile
{
    private const int PageSize = 64 * 1024;

    private byte[][] _pages = [];
    private long _length;

    public long Length => Volatile.Read(ref _length);

    public int Read(Span<byte> buffer, long position)
    {
        var count = (int)Math.Clamp(Length - position, 0, buffer.Length);
        var pages = Volatile.Read(ref _pages);
        for (var done = 0; done < count;)
        {
            var (page, at) = Locate(position + done);
            var part = Math.Min(PageSize - at, count - done);
            pages[page].AsSpan(at, part).CopyTo(buffer[done..]);
            done += part;
        }

        return count;
    }

    public void Write(ReadOnlySpan<byte> bytes, long position)
    {
        var end = position + bytes.Length;
        Reserve(end);
        while (!bytes.IsEmpty)
        {
            var (page, at) = Locate(position);
            var part = Math.Min(PageSize - at, bytes.Length);
            bytes[..part].CopyTo(_pages[page].AsSpan(at));
            bytes = bytes[part..];
            position += part;
        }

        if (end > _length)
        {
            Volatile.Write(ref _length, end);
        }
    }

    public void SetLength(long length)
    {
        Reserve(length);
        for (var position = length; position < _length;)
        {
            // A file that grows again shows zeros, not what stood there before it was cut.
            var (page, at) = Locate(position);
            var part = (int)Math.Min(PageSize - at, _length - position);
            _pages[page].AsSpan(at, part).Clear();
            position += part;
        }

        Volatile.Write(ref _length, length);
    }

    private static (int Page, int At) Locate(long position) => ((int)(position / PageSize), (int)(position % PageSize));

    private void Reserve(long length)
    {
        var needed = (int)((length + PageSize - 1) / PageSize);
        if (needed <= _pages.Length && (needed == 0 || _pages[needed - 1] is not null))
        {
            return;
        }

        var pages = _pages;
        if (needed > pages.Length)
        {
            Array.Resize(ref pages, Math.Max(needed, pages.Length * 2));
        }

        for (var i = needed - 1; i >= 0 && pages[i] is null; i--)
        {
            pages[i] = new byte[PageSize];
        }

        Volatile.Write(ref _pages, pages);
    }
}
