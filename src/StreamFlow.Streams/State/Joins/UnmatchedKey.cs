namespace StreamFlow.Streams.State.Joins;

/// <summary>Place of an unmatched record in its buffer: by time, then right before left, then by the bytes of its key.</summary>
internal readonly record struct UnmatchedKey(long Timestamp, bool IsLeft, byte[] KeyBytes) : IComparable<UnmatchedKey>
{
    public int CompareTo(UnmatchedKey other)
    {
        var byTime = Timestamp.CompareTo(other.Timestamp);
        if (byTime != 0)
        {
            return byTime;
        }

        var bySide = IsLeft.CompareTo(other.IsLeft);
        return bySide != 0 ? bySide : KeyBytes.AsSpan().SequenceCompareTo(other.KeyBytes);
    }
}
