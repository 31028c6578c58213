namespace StreamFlow.Sql.Planning;

/// <summary>The source topics that meet in a join as they are: not behind a repartition and not joined by foreign key.</summary>
internal static class CopartitionedTopics
{
    public static IReadOnlySet<string> Of(PlanNode node)
    {
        var topics = new HashSet<string>(StringComparer.Ordinal);
        Collect(node, topics);
        return topics;
    }

    private static void Collect(PlanNode node, HashSet<string> topics)
    {
        switch (node)
        {
            case SourceNode s:
                topics.Add(s.Source.Topic);
                break;
            case FilterNode n:
                Collect(n.Input, topics);
                break;
            case ProjectNode n:
                Collect(n.Input, topics);
                break;
            case TableFunctionNode n:
                Collect(n.Input, topics);
                break;
            case AggregateNode { KeepsKey: true } n:
                Collect(n.Input, topics);
                break;
            case StreamStreamJoinNode n:
                Collect(n.Left, topics);
                Collect(n.Right, topics);
                break;
            case StreamTableJoinNode n:
                Collect(n.Left, topics);
                Collect(n.Right, topics);
                break;
            case TableTableJoinNode n:
                Collect(n.Left, topics);
                Collect(n.Right, topics);
                break;
        }
    }
}
