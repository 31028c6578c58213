namespace StreamFlow.Testing.Storage;

/// <summary>The content of a file: what the process sees, what the disk has, and the writes in between.</summary>
internal sealed class CrashFile
{
    private const int Sector = 512;

    private readonly List<(long Position, byte[]? Bytes)> _pending = [];
    private byte[] _current = [];
    private byte[] _durable = [];
    private long _length;

    public long Length => _length;

    public int Read(Span<byte> buffer, long position)
    {
        var count = (int)Math.Clamp(_length - position, 0, buffer.Length);
        if (count > 0)
        {
            _current.AsSpan((int)position, count).CopyTo(buffer);
        }

        return count;
    }

    public void Write(ReadOnlySpan<byte> bytes, long position)
    {
        Apply(ref _current, ref _length, position, bytes);
        _pending.Add((position, bytes.ToArray()));
    }

    public void SetLength(long length)
    {
        Resize(ref _current, ref _length, length);
        _pending.Add((length, null));
    }

    public void Sync()
    {
        _durable = _current.AsSpan(0, (int)_length).ToArray();
        _pending.Clear();
    }

    /// <summary>Goes back to what the disk has, plus what of the unsynced writes happened to reach it.</summary>
    public void Crash(Random random, CrashMode mode)
    {
        var content = (byte[])_durable.Clone();
        long length = content.Length;
        if (mode == CrashMode.Prefix)
        {
            ApplyPrefix(ref content, ref length, random);
        }
        else if (mode == CrashMode.Reorder)
        {
            ApplySectors(ref content, ref length, random);
        }

        _current = content;
        _length = length;
        Sync();
    }

    private void ApplyPrefix(ref byte[] content, ref long length, Random random)
    {
        var arrived = random.Next(_pending.Count + 1);
        for (var i = 0; i < _pending.Count && i <= arrived; i++)
        {
            var (position, bytes) = _pending[i];
            if (bytes is not null)
            {
                Apply(ref content, ref length, position, bytes.AsSpan(0, i < arrived ? bytes.Length : random.Next(bytes.Length + 1)));
            }
            else if (i < arrived)
            {
                Resize(ref content, ref length, position);
            }
        }
    }

    /// <summary>
    /// The file has its last length, and each sector is as it was after some of the writes that touched it: the system writes back
    /// whole sectors, each when it likes.
    /// </summary>
    private void ApplySectors(ref byte[] content, ref long length, Random random)
    {
        var durable = content;
        content = new byte[_current.Length];
        length = _length;
        for (long sector = 0; sector < _length; sector += Sector)
        {
            var size = (int)Math.Min(Sector, _length - sector);
            var version = new byte[Sector];
            durable.AsSpan((int)Math.Min(sector, durable.Length), (int)Math.Clamp(durable.Length - sector, 0, size)).CopyTo(version);
            var touching = _pending.FindAll(w => w.Bytes is null ? w.Position < sector + size : w.Position < sector + size && w.Position + w.Bytes.Length > sector);
            foreach (var (position, bytes) in touching.Take(random.Next(touching.Count + 1)))
            {
                var from = (int)Math.Max(0, position - sector);
                if (bytes is null)
                {
                    version.AsSpan(from).Clear();
                }
                else
                {
                    var skipped = (int)Math.Max(0, sector - position);
                    bytes.AsSpan(skipped, Math.Min(bytes.Length - skipped, size - from)).CopyTo(version.AsSpan(from));
                }
            }

            version.AsSpan(0, size).CopyTo(content.AsSpan((int)sector));
        }
    }

    private static void Apply(ref byte[] content, ref long length, long position, ReadOnlySpan<byte> bytes)
    {
        if (position + bytes.Length > length)
        {
            Resize(ref content, ref length, position + bytes.Length);
        }

        bytes.CopyTo(content.AsSpan((int)position));
    }

    private static void Resize(ref byte[] content, ref long length, long newLength)
    {
        if (newLength > content.Length)
        {
            Array.Resize(ref content, (int)Math.Max(newLength, content.Length * 2L));
        }

        if (newLength < length)
        {
            content.AsSpan((int)newLength, (int)(length - newLength)).Clear();
        }

        length = newLength;
    }
}
