namespace StreamFlow.Sql.Execution;

/// <summary>How far a query is with a partition it reads.</summary>
/// <param name="Topic">The topic; internal ones with their full name.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Start">The oldest offset.</param>
/// <param name="End">The end.</param>
/// <param name="Committed">The next offset to process as of the last commit; -1 when it has committed none.</param>
/// <param name="IsInternal">Whether the query itself writes the topic, to repartition.</param>
public sealed record SourceProgress(string Topic, int Partition, long Start, long End, long Committed, bool IsInternal)
{
    /// <summary>Records (offsets) that were not committed.</summary>
    public long Lag => Math.Max(0, End - Math.Max(Committed, Start));
}
