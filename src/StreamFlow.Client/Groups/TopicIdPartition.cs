namespace StreamFlow.Client.Groups;

/// <summary>A partition by the id of its topic, which a topic of the same name made later does not share.</summary>
internal readonly record struct TopicIdPartition(Guid TopicId, int Partition);
