namespace StreamFlow.Streams.Processors;

/// <summary>Sends a record to the first child whose predicate holds; the child behind the predicates, if any, takes the rest.</summary>
internal sealed class SplitNode<TKey, TValue>(List<Func<TKey, TValue, bool>> predicates) : ProcessorNode<TKey, TValue, TKey, TValue>
{
    public override void Process(in Record<TKey, TValue> record)
    {
        var children = Children;
        for (var i = 0; i < children.Length; i++)
        {
            if (i >= predicates.Count
                || ((record.HasValue || NullRule<TValue>.HasNull) && predicates[i](record.Key!, record.Value!)))
            {
                ForwardTo(children[i], in record);
                return;
            }
        }
    }
}
