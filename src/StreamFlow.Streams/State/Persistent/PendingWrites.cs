using System.Buffers.Binary;

namespace StreamFlow.Streams.State.Persistent;

/// <summary>
/// What a store wrote since its last commit: an ordered map of byte strings, deletes included, in front of RocksDB. A skip list over three
/// arrays (nodes, links, bytes), so that a million entries are three objects to the garbage collector, and a commit walks the keys in the
/// order RocksDB likes. Owned by one store; not thread safe.
/// </summary>
/// <remarks>
/// Node 0 is the head. Links of a node stand in <see cref="_links"/> from <see cref="Node.Links"/> on, one per level; link 0 is the end.
/// A replaced value is written in place when it fits, else appended: the bytes in between are wasted until <see cref="Clear"/>.
/// </remarks>
internal sealed class PendingWrites
{
    private const int MaxHeight = 14;
    private const int KeptNodes = 1 << 14;
    private const int KeptBytes = 1 << 21;

    private readonly int[] _path = new int[MaxHeight];
    private Node[] _nodes = new Node[256];
    private int[] _links = new int[1024];
    private byte[] _bytes = new byte[8192];
    private int _nodeCount;
    private int _linkCount;
    private int _byteCount;
    private ulong _random = 0x9E3779B97F4A7C15;

    public PendingWrites() => Clear();

    /// <summary>Distinct keys written.</summary>
    public int Count => _nodeCount - 1;

    /// <summary>Memory in use, in bytes.</summary>
    public long SizeInBytes => _byteCount + (36L * _nodeCount) + (4L * _linkCount);

    /// <summary>Forgets everything; keeps moderate arrays for the next commit.</summary>
    public void Clear()
    {
        if (_nodes.Length > KeptNodes)
        {
            (_nodes, _links) = (new Node[256], new int[1024]);
        }

        if (_bytes.Length > KeptBytes)
        {
            _bytes = new byte[8192];
        }

        Array.Clear(_links, 0, MaxHeight);
        _nodes[0] = new Node { Links = 0, ValueLength = -1 };
        (_nodeCount, _linkCount, _byteCount) = (1, MaxHeight, 0);
    }

    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        ref var node = ref FindOrAdd(key);
        if (value.Length > node.ValueCapacity)
        {
            node.Value = Reserve(value.Length);
            node.ValueCapacity = value.Length;
        }

        value.CopyTo(_bytes.AsSpan(node.Value));
        node.ValueLength = value.Length;
    }

    public void Delete(ReadOnlySpan<byte> key) => FindOrAdd(key).ValueLength = -1;

    /// <summary>Looks for a key.</summary>
    /// <returns>The node, 0 when the key was not written since the last commit.</returns>
    public int Find(ReadOnlySpan<byte> key)
    {
        if (_nodeCount == 1)
        {
            return 0;
        }

        var node = FirstFrom(key);
        return node != 0 && KeyOf(node).SequenceEqual(key) ? node : 0;
    }

    /// <summary>The first node whose key is not smaller; 0 when there is none.</summary>
    public int FirstFrom(ReadOnlySpan<byte> key) => Next(Predecessor(key, PrefixOf(key), remember: false));

    /// <summary>The last node whose key is smaller; 0 when there is none.</summary>
    public int LastBefore(ReadOnlySpan<byte> key) => Predecessor(key, PrefixOf(key), remember: false);

    /// <summary>The node with the smallest key; 0 when there is none.</summary>
    public int First() => Next(0);

    /// <summary>The node with the greatest key; 0 when there is none.</summary>
    public int Last()
    {
        var node = 0;
        for (var level = MaxHeight - 1; level >= 0; level--)
        {
            for (int next; (next = _links[_nodes[node].Links + level]) != 0;)
            {
                node = next;
            }
        }

        return node;
    }

    public int Next(int node) => _links[_nodes[node].Links];

    public bool IsDeleted(int node) => _nodes[node].ValueLength < 0;

    /// <summary>The node's key; valid until the next write.</summary>
    public ReadOnlySpan<byte> KeyOf(int node) => _bytes.AsSpan(_nodes[node].Key, _nodes[node].KeyLength);

    /// <summary>The node's value; valid until the next write. The node must not be deleted.</summary>
    public ReadOnlySpan<byte> ValueOf(int node) => _bytes.AsSpan(_nodes[node].Value, _nodes[node].ValueLength);

    private static ulong PrefixOf(ReadOnlySpan<byte> key)
    {
        if (key.Length >= sizeof(ulong))
        {
            return BinaryPrimitives.ReadUInt64BigEndian(key);
        }

        Span<byte> padded = stackalloc byte[sizeof(ulong)];
        padded.Clear();
        key.CopyTo(padded);
        return BinaryPrimitives.ReadUInt64BigEndian(padded);
    }

    private ref Node FindOrAdd(ReadOnlySpan<byte> key)
    {
        var prefix = PrefixOf(key);
        var found = Next(Predecessor(key, prefix, remember: true));
        if (found != 0 && _nodes[found].Prefix == prefix && KeyOf(found).SequenceEqual(key))
        {
            return ref _nodes[found];
        }

        var height = NextHeight();
        var at = _nodeCount++;
        Grow(ref _nodes, _nodeCount);
        Grow(ref _links, _linkCount + height);
        var keyAt = Reserve(key.Length);
        key.CopyTo(_bytes.AsSpan(keyAt));
        _nodes[at] = new Node
        {
            Prefix = prefix, Key = keyAt, KeyLength = key.Length, ValueLength = -1, Links = _linkCount,
        };
        for (var level = 0; level < height; level++)
        {
            ref var before = ref _links[_nodes[_path[level]].Links + level];
            _links[_linkCount++] = before;
            before = at;
        }

        return ref _nodes[at];
    }

    private int Predecessor(ReadOnlySpan<byte> key, ulong prefix, bool remember)
    {
        var node = 0;
        for (var level = MaxHeight - 1; level >= 0; level--)
        {
            for (int next; (next = _links[_nodes[node].Links + level]) != 0 && IsBefore(next, key, prefix);)
            {
                node = next;
            }

            if (remember)
            {
                _path[level] = node;
            }
        }

        return node;
    }

    private bool IsBefore(int node, ReadOnlySpan<byte> key, ulong prefix)
    {
        var own = _nodes[node].Prefix;
        return own == prefix ? KeyOf(node).SequenceCompareTo(key) < 0 : own < prefix;
    }

    private int NextHeight()
    {
        // xorshift64*: every level is a quarter as likely as the one below.
        _random ^= _random >> 12;
        _random ^= _random << 25;
        _random ^= _random >> 27;
        var bits = (_random * 0x2545F4914F6CDD1D) >> 32;
        return Math.Min(MaxHeight, 1 + (System.Numerics.BitOperations.TrailingZeroCount(bits | (1UL << 30)) / 2));
    }

    private int Reserve(int length)
    {
        var at = _byteCount;
        _byteCount = checked(_byteCount + length);
        Grow(ref _bytes, _byteCount);
        return at;
    }

    private static void Grow<T>(ref T[] array, int needed)
    {
        if (needed > array.Length)
        {
            Array.Resize(ref array, (int)Math.Min(Array.MaxLength, Math.Max(needed, 2L * array.Length)));
        }
    }

    private struct Node
    {
        public ulong Prefix;
        public int Key;
        public int KeyLength;
        public int Value;
        public int ValueLength;
        public int ValueCapacity;
        public int Links;
    }
}
