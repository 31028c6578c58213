using System.Buffers.Binary;
using System.Numerics;

namespace StreamFlow.Storage.Cleaning;

/// <summary>
/// The latest offset of each key in the dirty part of a log. Keys are kept as they are, in one block of memory of a fixed size, so that
/// no two keys are ever taken for one, and a compaction takes as much of the log as fits.
/// </summary>
internal sealed class CleanerOffsetMap
{
    private const int LengthSize = 4;

    private readonly byte[] _keys;
    private readonly (int Position, long Offset)[] _slots;
    private readonly int _maxCount;
    private int _used;
    private int _count;

    /// <param name="capacityBytes">Memory for keys and slots together.</param>
    public CleanerOffsetMap(int capacityBytes)
    {
        // Half of it for slots of 16 bytes, which holds keys of 16 bytes on the average at three quarters full.
        _slots = new (int, long)[SlotsFor(capacityBytes / 32)];
        _keys = new byte[Math.Max(1024, capacityBytes / 2)];
        _maxCount = _slots.Length / 4 * 3;
        Array.Fill(_slots, (-1, -1L));
    }

    /// <summary>Keys in the map.</summary>
    public int Count => _count;

    /// <summary>The largest offset that was put in, -1 when the map is empty.</summary>
    public long LatestOffset { get; private set; } = -1;

    /// <summary>Notes the key's offset, which has to be larger than those before.</summary>
    /// <returns>False when there is no room for another key.</returns>
    public bool TryPut(ReadOnlySpan<byte> key, long offset)
    {
        ref var slot = ref Slot(key);
        if (slot.Position < 0)
        {
            if (_count >= _maxCount || _keys.Length - _used < LengthSize + key.Length)
            {
                return false;
            }

            BinaryPrimitives.WriteInt32LittleEndian(_keys.AsSpan(_used), key.Length);
            key.CopyTo(_keys.AsSpan(_used + LengthSize));
            slot.Position = _used;
            _used += LengthSize + key.Length;
            _count++;
        }

        slot.Offset = offset;
        LatestOffset = offset;
        return true;
    }

    /// <summary>The latest offset of the key, -1 when it is not in the map.</summary>
    public long Find(ReadOnlySpan<byte> key) => Slot(key).Offset;

    private static int SlotsFor(int count) => (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(count, 16));

    private ref (int Position, long Offset) Slot(ReadOnlySpan<byte> key)
    {
        var mask = _slots.Length - 1;
        for (var i = Hash(key) & mask; ; i = (i + 1) & mask)
        {
            ref var slot = ref _slots[i];
            if (slot.Position < 0 || KeyAt(slot.Position).SequenceEqual(key))
            {
                return ref slot;
            }
        }
    }

    private ReadOnlySpan<byte> KeyAt(int position) =>
        _keys.AsSpan(position + LengthSize, BinaryPrimitives.ReadInt32LittleEndian(_keys.AsSpan(position)));

    private static int Hash(ReadOnlySpan<byte> key)
    {
        // CRC alone maps short keys that differ in few bits to neighbours; the multiplication spreads them.
        var hash = Core.Records.Crc32C.Compute(key) * 0x9E3779B1u;
        return (int)((hash ^ (hash >> 15)) & int.MaxValue);
    }
}
