namespace StreamFlow.Streams.Processors;

/// <summary>How the aggregate of a session comes about.</summary>
/// <param name="Initialize">The aggregate of a session without records; null when there is none (reduce).</param>
/// <param name="Merge">From key, aggregate so far (is there one?) and the aggregate of a session that is taken in to the next.</param>
/// <param name="Aggregate">Takes in a record.</param>
internal sealed record SessionFold<TKey, TValue, TAggregate>(
    Func<TAggregate>? Initialize,
    Func<TKey, bool, TAggregate?, TAggregate, TAggregate?> Merge,
    WindowAggregator<TKey, TValue, TAggregate> Aggregate);
