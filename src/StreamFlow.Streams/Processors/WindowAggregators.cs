namespace StreamFlow.Streams.Processors;

/// <summary>Makes window aggregators of users' functions. Of plain value types an absent value is not shown to reducers.</summary>
internal static class WindowAggregators
{
    public static WindowAggregator<TKey, TValue, TAggregate> Of<TKey, TValue, TAggregate>(
        Func<TAggregate> initializer, Func<TKey, TValue, TAggregate, TAggregate> aggregator) =>
        (key, _, value, hasAggregate, aggregate) => aggregator(key, value, hasAggregate ? aggregate! : initializer());

    public static WindowAggregator<TKey, TValue, TValue> Reduce<TKey, TValue>(Func<TValue, TValue, TValue> reducer) =>
        (_, _, value, hasAggregate, aggregate) => hasAggregate ? reducer(aggregate!, value) : value;
}
