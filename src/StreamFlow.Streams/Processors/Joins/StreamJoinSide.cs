namespace StreamFlow.Streams.Processors.Joins;

/// <summary>What one side of a stream-stream join must know.</summary>
/// <param name="IsLeft">Whether it is the left side.</param>
/// <param name="KeepsUnmatched">Whether its records without a partner are emitted.</param>
/// <param name="KeepsBoth">Whether the unmatched records of both sides are emitted.</param>
/// <param name="LookBackMs">How much earlier a partner may be.</param>
/// <param name="LookAheadMs">How much later a partner may be.</param>
/// <param name="GraceMs">How long its window takes late records.</param>
/// <param name="OtherStore">The store of the other side.</param>
/// <param name="BufferStore">The buffer of unmatched records; null for inner joins and where unmatched records are emitted at once.</param>
/// <param name="JoinsLateRecords">Kafka's way: a record that comes after its window closed still joins with what is left.</param>
/// <param name="IgnoresGrace">Kafka's way: an unmatched record whose window has ended is emitted in spite of grace.</param>
internal sealed record StreamJoinSide(
    bool IsLeft,
    bool KeepsUnmatched,
    bool KeepsBoth,
    long LookBackMs,
    long LookAheadMs,
    long GraceMs,
    string OtherStore,
    string? BufferStore,
    bool JoinsLateRecords,
    bool IgnoresGrace);
