using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Processors;
using StreamFlow.Streams.Processors.Joins;
using StreamFlow.Streams.State;
using StreamFlow.Streams.State.Joins;

namespace StreamFlow.Streams.Topologies;

/// <summary>
/// Adds the nodes and stores of a stream-stream join: each input goes through its windowed side (which stores it) to its join,
/// and both joins end in one merge. Names and their numbers are Kafka Streams'.
/// </summary>
internal sealed class StreamJoinPlan<TKey, TLeft, TRight, TResult>(
    TopologyGraph graph,
    StreamJoined<TKey, TLeft, TRight> joined,
    JoinWindows windows,
    JoinType type,
    Func<TKey, TLeft?, TRight?, TResult> join)
{
    public GraphNode Add(GraphNode left, GraphNode right)
    {
        var isOuter = type == JoinType.Outer;
        var thisWindowed = graph.Names.Node(OperatorKind.Windowed, Given("-this-windowed"), left.Name, right.Name, "left");
        var otherWindowed = graph.Names.Node(OperatorKind.Windowed, Given("-other-windowed"), left.Name, right.Name, "right");
        var thisJoin = graph.Names.Node(
            isOuter ? OperatorKind.OuterThis : OperatorKind.JoinThis,
            Given(isOuter ? "-outer-this-join" : "-this-join"),
            thisWindowed);
        var otherJoin = graph.Names.Node(
            type == JoinType.Inner ? OperatorKind.JoinOther : OperatorKind.OuterOther,
            Given(type == JoinType.Inner ? "-other-join" : "-outer-other-join"),
            otherWindowed);
        var merge = graph.Names.Node(OperatorKind.Merge, Given("-merge"), thisJoin, otherJoin);

        var thisStore = StoreName(isOuter ? "-outer-this-join" : "-this-join", thisJoin);
        var otherStore = StoreName(type == JoinType.Inner ? "-other-join" : "-outer-other-join", otherJoin);
        var buffer = type == JoinType.Inner || windows.EmitsUnmatchedAtOnce ? null : Buffer(thisJoin);
        var leftWindow = AddWindow<TLeft>(thisWindowed, left, Window(thisStore, joined.ValueSerde));
        if (IsSelfJoin(left, right))
        {
            return AddMerge(merge, AddSelfJoin(thisJoin, leftWindow, thisStore));
        }

        var rightWindow = AddWindow<TRight>(otherWindowed, right, Window(otherStore, joined.OtherSerde));
        var leftSide = Side(true, otherStore, buffer?.Name);
        var rightSide = Side(false, thisStore, buffer?.Name);
        var leftJoin = AddJoin(thisJoin, leftWindow, leftSide, buffer, (
            ) => new StreamJoinNode<TKey, TLeft, TRight, TLeft, TRight, TResult>(
            leftSide, join, static (ours, _) => ours, static (_, theirs) => theirs));
        var rightJoin = AddJoin(otherJoin, rightWindow, rightSide, buffer, (
            ) => new StreamJoinNode<TKey, TRight, TLeft, TLeft, TRight, TResult>(
            rightSide, join, static (_, theirs) => theirs, static (ours, _) => ours));
        return AddMerge(merge, leftJoin, rightJoin);
    }

    private bool IsSelfJoin(GraphNode left, GraphNode right) => ReferenceEquals(left, right)
        && graph.HasOptimization(TopologyOptimizations.SingleStoreSelfJoin) && typeof(TLeft) == typeof(TRight);

    private GraphNode AddMerge(string name, params ReadOnlySpan<GraphNode> joins) =>
        graph.Add(new GraphNode(name, static () => new PassThroughNode<TKey, TResult>()) { ChangesValue = true }, joins);

    private GraphNode AddSelfJoin(string name, GraphNode windowed, string store)
    {
        // Both sides are one stream, so their value types are one, which only the caller's type arguments do not say.
        var same = (Func<TKey, TLeft?, TLeft?, TResult>)(object)join;
        var node = graph.Add(
            new GraphNode(name, () => new StreamSelfJoinNode<TKey, TLeft, TResult>(store, windows.BeforeMs, windows.AfterMs, same))
            {
                TakesNullKeys = type != JoinType.Inner,
            },
            windowed);
        node.StoreNames.Add(store);
        return node;
    }

    private string? Given(string suffix) => joined.Name is null ? null : joined.Name + suffix;

    private string StoreName(string suffix, string joinNode)
    {
        if (joined.StoreName is not null)
        {
            return joined.StoreName + suffix + "-store";
        }

        if (joined.Name is null)
        {
            graph.Names.GeneratedResources.Add(joinNode + "-store");
        }

        return joinNode + "-store";
    }

    private StreamJoinSide Side(bool isLeft, string otherStore, string? buffer) => new(
        isLeft,
        type == JoinType.Outer || (type == JoinType.Left && isLeft),
        type == JoinType.Outer,
        isLeft ? windows.BeforeMs : windows.AfterMs,
        isLeft ? windows.AfterMs : windows.BeforeMs,
        windows.GraceMs,
        otherStore,
        buffer,
        graph.HasCompatibility(KafkaCompatibility.LateJoinRecords),
        graph.HasCompatibility(KafkaCompatibility.UnmatchedBeforeGrace));

    private JoinWindowBuilder<TKey, TValue> Window<TValue>(string name, Core.Serialization.Serde<TValue>? serde) => new(
        new StoreDescriptor
        {
            Name = name,
            Kind = StoreKind.Window,
            IsLogged = joined.IsLogged,
            RetentionMs = windows.BeforeMs + windows.AfterMs + windows.GraceMs,
            RetainsDuplicates = true,
        },
        SerdeOf.Key(joined.KeySerde, name),
        SerdeOf.Value(serde, name));

    private UnmatchedBufferBuilder<TKey, TLeft, TRight> Buffer(string thisJoin)
    {
        var suffix = type == JoinType.Outer ? "-outer-shared-join" : "-left-shared-join";
        var number = thisJoin[(thisJoin.LastIndexOf('-') + 1)..];
        var name = joined.StoreName is not null ? joined.StoreName + suffix + "-store"
            : graph.Names.IsKafka && joined.Name is null ? $"KSTREAM-OUTERSHARED-{number}-store"
            : (joined.Name is null ? thisJoin : joined.Name) + suffix + "-store";
        return new(
            new StoreDescriptor { Name = name, Kind = StoreKind.Buffer, IsLogged = joined.IsLogged },
            SerdeOf.Key(joined.KeySerde, name),
            SerdeOf.Value(joined.ValueSerde, name),
            SerdeOf.Value(joined.OtherSerde, name));
    }

    private GraphNode AddWindow<TValue>(string name, GraphNode parent, StoreBuilder store)
    {
        var node = graph.AddProcessor(name, () => new WindowedSideNode<TKey, TValue>(store.Name), parent);
        node.Stores.Add(store);
        return node;
    }

    private GraphNode AddJoin(string name, GraphNode parent, StreamJoinSide side, StoreBuilder? buffer, Func<ProcessorNode> create)
    {
        var node = graph.Add(new GraphNode(name, create) { TakesNullKeys = type != JoinType.Inner, ChangesValue = true }, parent);
        node.StoreNames.Add(side.OtherStore);
        if (buffer is not null)
        {
            node.Stores.Add(buffer);
        }

        return node;
    }
}
