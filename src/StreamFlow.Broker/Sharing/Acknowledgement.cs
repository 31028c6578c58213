namespace StreamFlow.Broker.Sharing;

/// <summary>What a member says of a stretch of records.</summary>
/// <param name="First">The first offset.</param>
/// <param name="Last">The last offset, included.</param>
/// <param name="Types">One for all of them, or one for each.</param>
internal readonly record struct Acknowledgement(long First, long Last, IReadOnlyList<sbyte> Types)
{
    public AcknowledgeType TypeOf(long offset) => (AcknowledgeType)(Types.Count == 1 ? Types[0] : Types[(int)(offset - First)]);

    /// <summary>Where the stretch of the same type that an offset begins ends.</summary>
    public long EndOfSame(long offset, long last)
    {
        if (Types.Count == 1)
        {
            return last;
        }

        var end = offset;
        while (end < last && Types[(int)(end + 1 - First)] == Types[(int)(offset - First)])
        {
            end++;
        }

        return end;
    }
}
