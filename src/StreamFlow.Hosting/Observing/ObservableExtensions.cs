using System.Reactive.Linq;
using StreamFlow.Client;
using StreamFlow.Client.Consuming;
using StreamFlow.Core.Serialization;
using StreamFlow.Core.Topics;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Hosting.Observing;

/// <summary>Applications and tables as observables.</summary>
public static class ObservableExtensions
{
    /// <summary>
    /// The changes of an application's state from the subscription on. Completes when it has stopped; fails with what made it fail.
    /// </summary>
    /// <param name="application">The application.</param>
    public static IObservable<StateChange> ObserveState(this StreamsApplication application)
    {
        ArgumentNullException.ThrowIfNull(application);
        return Observable.Create<StateChange>(observer =>
        {
            void Pass(object? sender, StateChange change)
            {
                observer.OnNext(change);
                if (change.Current == ApplicationState.NotRunning)
                {
                    observer.OnCompleted();
                }
                else if (change.Current == ApplicationState.Error)
                {
                    observer.OnError(change.Failure!);
                }
            }

            application.StateChanged += Pass;
            return () => application.StateChanged -= Pass;
        });
    }

    /// <summary>
    /// The rows of a table that a topic holds (a topology's output or a changelog), then its updates as they come; committed ones only.
    /// Every subscriber reads the topic from its beginning with a consumer of its own, and ends that by unsubscribing. Updates of a key
    /// come in order; observers are called one update at a time, and reading waits for them.
    /// </summary>
    /// <typeparam name="TKey">The key's type.</typeparam>
    /// <typeparam name="TValue">The value's type.</typeparam>
    /// <param name="cluster">Where the topic is.</param>
    /// <param name="topic">The topic; its partitions are those of the time of the subscription.</param>
    /// <param name="keys">Reads keys.</param>
    /// <param name="values">Reads values.</param>
    /// <returns>An observable that does not complete; it fails when the topic cannot be read or a record is not such a row.</returns>
    public static IObservable<TableUpdate<TKey, TValue>> ObserveTable<TKey, TValue>(
        this ICluster cluster, string topic, Serde<TKey> keys, Serde<TValue> values)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        return Observable.Create<TableUpdate<TKey, TValue>>((observer, cancellation) =>
            ReadAsync(cluster, topic, keys, values, observer, cancellation));
    }

    private static async Task ReadAsync<TKey, TValue>(
        ICluster cluster,
        string topic,
        Serde<TKey> keys,
        Serde<TValue> values,
        IObserver<TableUpdate<TKey, TValue>> observer,
        CancellationToken cancellation)
    {
        var consumer = cluster.CreateConsumer(new ConsumerOptions
        {
            AutoOffsetReset = AutoOffsetReset.Earliest, IsolationLevel = IsolationLevel.ReadCommitted, AllowAutoCreateTopics = false,
        });
        await using (consumer.ConfigureAwait(false))
        {
            var partitions = await consumer.PartitionsForAsync(topic, cancellation).ConfigureAwait(false);
            consumer.Assign(Enumerable.Range(0, partitions.Count).Select(p => new TopicPartition(topic, p)));
            var records = consumer.ConsumeAsync(keys, values, cancellation);
            await foreach (var record in records.ConfigureAwait(false))
            {
                if (record.HasKey)
                {
                    observer.OnNext(new(
                        record.Key!, record.Value, !record.HasValue, record.Timestamp, record.Partition, record.Offset));
                }
            }
        }
    }
}
