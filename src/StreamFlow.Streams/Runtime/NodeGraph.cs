using StreamFlow.Streams.Processors;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Runtime;

/// <summary>Makes the operators of a task from the plan: nodes, edges and stores.</summary>
internal static class NodeGraph
{
    /// <summary>Opens the stores, makes, connects and initialises the operators.</summary>
    /// <returns>The operators that take input, with the node of the plan they stand for.</returns>
    public static IReadOnlyList<(SourceGraphNode Plan, ISourceNode Node)> Create(
        IReadOnlyList<Subtopology> parts, TaskContext context, List<ProcessorNode> all)
    {
        foreach (var store in parts.SelectMany(p => p.Stores))
        {
            context.AddStore(store.Open(context));
        }

        var plans = parts.SelectMany(p => p.Nodes).ToList();
        var nodes = plans.ToDictionary(p => p, p => p.CreateProcessor());
        foreach (var plan in plans)
        {
            foreach (var child in plan.Children)
            {
                nodes[plan].AddChild(nodes[child]);
            }
        }

        foreach (var (plan, node) in nodes)
        {
            node.Initialize(plan.Name, context);
            all.Add(node);
        }

        return [.. plans.OfType<SourceGraphNode>().Select(p => (p, (ISourceNode)nodes[p]))];
    }
}
