using System.Globalization;
using StreamFlow.Streams.Processors;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Dsl;

/// <summary>A stream being split: each record goes to the first branch whose predicate holds.</summary>
/// <typeparam name="TKey">The key's type.</typeparam>
/// <typeparam name="TValue">The value's type.</typeparam>
public sealed class BranchedKStream<TKey, TValue>
{
    private readonly KStream<TKey, TValue> _input;
    private readonly string _nodeName;
    private readonly string? _givenName;
    private readonly List<Func<TKey, TValue, bool>> _predicates = [];
    private readonly Dictionary<string, KStream<TKey, TValue>> _branches = new(StringComparer.Ordinal);
    private readonly GraphNode _split;
    private bool _isComplete;

    internal BranchedKStream(KStream<TKey, TValue> input, string? name)
    {
        _input = input;
        var graph = input.Graph;
        var predicates = _predicates;
        _givenName = name;
        _nodeName = graph.Names.Node(OperatorKind.Branch, name, input.Node.Name);
        _split = graph.AddProcessor(_nodeName, () => new SplitNode<TKey, TValue>(predicates), input.Node);
    }

    /// <summary>Adds a branch.</summary>
    /// <param name="predicate">Which records it takes, of those that no earlier branch took.</param>
    /// <param name="branched">Its name and use.</param>
    public BranchedKStream<TKey, TValue> Branch(Func<TKey, TValue, bool> predicate, Branched<TKey, TValue>? branched = null)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        ObjectDisposedException.ThrowIf(_isComplete, this);
        _predicates.Add(predicate);
        Add(_predicates.Count, branched);
        return this;
    }

    /// <summary>Ends the split with a branch for all records that no other took.</summary>
    /// <returns>The branches by the name given to the split, if any, followed by their own name or position.</returns>
    public IReadOnlyDictionary<string, KStream<TKey, TValue>> DefaultBranch(Branched<TKey, TValue>? branched = null)
    {
        ObjectDisposedException.ThrowIf(_isComplete, this);
        Add(0, branched);
        return NoDefaultBranch();
    }

    /// <summary>Ends the split; records that no branch took vanish.</summary>
    /// <returns>The branches by the name given to the split, if any, followed by their own name or position.</returns>
    public IReadOnlyDictionary<string, KStream<TKey, TValue>> NoDefaultBranch()
    {
        _isComplete = true;
        return _branches;
    }

    private void Add(int index, Branched<TKey, TValue>? branched)
    {
        var suffix = branched?.Name ?? index.ToString(CultureInfo.InvariantCulture);
        var graph = _input.Graph;
        var name = Names.Check(_nodeName + (branched?.Name is null && !graph.Names.IsKafka ? "-" : string.Empty) + suffix, "branch");
        var node = graph.AddProcessor(name, static () => new PassThroughNode<TKey, TValue>(), _split);
        var stream = _input.With(node, _input.IsRepartitionRequired);
        _branches.Add(_givenName + suffix, branched?.Chain?.Invoke(stream) ?? stream);
    }
}
