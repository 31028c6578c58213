using StreamFlow.Streams.Errors;
using StreamFlow.Streams.Processing;
using StreamFlow.Streams.Processors;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Dsl;

/// <content>Operators of the user's own.</content>
public sealed partial class KStream<TKey, TValue>
{
    /// <summary>Runs a processor over the stream. A later grouping or join repartitions.</summary>
    /// <param name="supplier">Makes a new processor for each task.</param>
    /// <param name="stores">The stores it uses, added with <see cref="StreamsBuilder.AddStateStore"/>. Global stores need not be
    /// named.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KStream<TKeyOut, TValueOut> Process<TKeyOut, TValueOut>(
        Func<Processor<TKey, TValue, TKeyOut, TValueOut>> supplier, IReadOnlyCollection<string>? stores = null, string? name = null)
    {
        var once = new OncePerTask<Processor<TKey, TValue, TKeyOut, TValueOut>>(supplier);
        var node = Add(
            OperatorKind.Process,
            name,
            () => new ProcessNode<TKey, TValue, TKeyOut, TValueOut>(once.Create()),
            changesKey: true,
            changesValue: true);
        node.StoreNames.AddRange(stores ?? []);
        return new KStream<TKeyOut, TValueOut>(Graph, node, null, null, true);
    }

    /// <summary>Runs a processor that keeps keys over the stream.</summary>
    /// <param name="supplier">Makes a new processor for each task.</param>
    /// <param name="stores">The stores it uses, added with <see cref="StreamsBuilder.AddStateStore"/>. Global stores need not be
    /// named.</param>
    /// <param name="name">The operator's name; null to generate one.</param>
    public KStream<TKey, TValueOut> ProcessValues<TValueOut>(
        Func<FixedKeyProcessor<TKey, TValue, TValueOut>> supplier, IReadOnlyCollection<string>? stores = null, string? name = null)
    {
        var once = new OncePerTask<FixedKeyProcessor<TKey, TValue, TValueOut>>(supplier);
        var node = Add(
            OperatorKind.ProcessValues, name, () => new FixedKeyProcessNode<TKey, TValue, TValueOut>(once.Create()), changesValue: true);
        node.StoreNames.AddRange(stores ?? []);
        return WithValues<TValueOut>(node);
    }

    private sealed class OncePerTask<T>(Func<T> supplier)
        where T : class
    {
        private T? _last;

        public T Create()
        {
            var made = supplier();
            if (ReferenceEquals(made, _last))
            {
                throw new TopologyException(
                    $"a supplier of {typeof(T).Name} returned the same instance twice; it must make a new one for each task");
            }

            return _last = made;
        }
    }
}
