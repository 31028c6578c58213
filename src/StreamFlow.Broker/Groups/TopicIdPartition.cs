namespace StreamFlow.Broker.Groups;

/// <summary>A partition of the topic with an id; a topic that is deleted and made again is another one.</summary>
internal readonly record struct TopicIdPartition(Guid TopicId, int Partition);
