namespace StreamFlow.Streams.Topologies;

/// <summary>
/// Replaces several repartitions below one key change by a single one right behind it, named like the first. What stood between the key
/// change and the repartitions now stands behind the topic; nodes that change values or keep state block the move, because the records in
/// the topic would be others.
/// </summary>
internal static class RepartitionMerger
{
    public static void Apply(TopologyGraph graph)
    {
        var candidates = new List<(GraphNode Changer, GraphNode Head, RepartitionGraphNode Repartition)>();
        foreach (var repartition in graph.Nodes.OfType<RepartitionGraphNode>())
        {
            if (FindKeyChange(repartition) is var (changer, head))
            {
                candidates.Add((changer, head, repartition));
            }
        }

        foreach (var group in candidates.GroupBy(c => c.Changer, c => (c.Head, c.Repartition)).Where(g => g.Count() > 1))
        {
            Merge(graph, group.Key, [.. group]);
        }
    }

    /// <summary>The key change above a repartition, and its child on the way down.</summary>
    private static (GraphNode Changer, GraphNode Head)? FindKeyChange(RepartitionGraphNode repartition)
    {
        GraphNode head = repartition;
        while (head.Parents.Count == 1)
        {
            var parent = head.Parents[0];
            if (parent.ChangesKey)
            {
                return (parent, head);
            }

            if (parent.ChangesValue || parent is RepartitionGraphNode || parent.AllStoreNames().Any())
            {
                return null;
            }

            head = parent;
        }

        return null;
    }

    private static void Merge(TopologyGraph graph, GraphNode changer, List<(GraphNode Head, RepartitionGraphNode Repartition)> group)
    {
        var kept = group[0].Repartition;
        var behind = new List<GraphNode>();
        foreach (var (head, repartition) in group)
        {
            if (ReferenceEquals(head, repartition))
            {
                behind.AddRange(repartition.Children);
            }
            else
            {
                Bypass(repartition);
                if (!behind.Contains(head))
                {
                    behind.Add(head);
                }
            }

            changer.Children.Remove(head);
        }

        kept.Children.Clear();
        kept.Parents.Clear();
        kept.Parents.Add(changer);
        changer.Children.Add(kept);
        foreach (var child in behind)
        {
            var at = child.Parents.FindIndex(
                p => ReferenceEquals(p, changer) || p is RepartitionGraphNode r && group.Exists(g => ReferenceEquals(g.Repartition, r)));
            child.Parents[at] = kept;
            kept.Children.Add(child);
        }

        var gone = group.Skip(1).Select(g => (GraphNode)g.Repartition).ToHashSet();
        graph.Nodes.RemoveAll(gone.Contains);
        for (var i = 0; i < graph.CopartitionGroups.Count; i++)
        {
            graph.CopartitionGroups[i] = [.. graph.CopartitionGroups[i].Select(n => gone.Contains(n) ? kept : n).Distinct()];
        }
    }

    /// <summary>Connects the children of a repartition to its parent.</summary>
    private static void Bypass(RepartitionGraphNode repartition)
    {
        var parent = repartition.Parents[0];
        var at = parent.Children.IndexOf(repartition);
        parent.Children.RemoveAt(at);
        parent.Children.InsertRange(at, repartition.Children);
        foreach (var child in repartition.Children)
        {
            child.Parents[child.Parents.IndexOf(repartition)] = parent;
        }
    }
}
