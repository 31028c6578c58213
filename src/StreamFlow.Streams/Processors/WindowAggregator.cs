namespace StreamFlow.Streams.Processors;

/// <summary>The next aggregate of a window.</summary>
/// <param name="key">The key.</param>
/// <param name="hasValue">Whether the record has a value; null values reach aggregators of windows.</param>
/// <param name="value">Its value.</param>
/// <param name="hasAggregate">Whether the window has an aggregate already.</param>
/// <param name="aggregate">The aggregate so far.</param>
internal delegate TAggregate? WindowAggregator<in TKey, in TValue, TAggregate>(
    TKey key, bool hasValue, TValue value, bool hasAggregate, TAggregate? aggregate);
