namespace StreamFlow.Streams.Processors;

/// <summary>Makes session folds of users' functions.</summary>
internal static class SessionFolds
{
    public static SessionFold<TKey, TValue, TAggregate> Of<TKey, TValue, TAggregate>(
        Func<TAggregate> initializer,
        Func<TKey, TValue, TAggregate, TAggregate> aggregator,
        Func<TKey, TAggregate, TAggregate, TAggregate> merger) =>
        new(initializer, (key, _, a, b) => merger(key, a!, b), (key, _, value, _, a) => aggregator(key, value, a!));
}
