using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Fetching;

/// <summary>Names a partition as a fetch does: by the topic's id from version 13 on, before that by its name.</summary>
/// <param name="Topic">The name; empty when the id says it.</param>
/// <param name="TopicId">The id; empty when the name says it.</param>
/// <param name="Partition">The number.</param>
internal readonly record struct FetchKey(string Topic, Guid TopicId, int Partition)
{
    public static FetchKey Of(FetchRequest.FetchTopic topic, int partition, bool byId) =>
        byId ? new("", topic.TopicId, partition) : new(topic.Topic, Guid.Empty, partition);

    public static FetchKey Of(FetchRequest.ForgottenTopic topic, int partition, bool byId) =>
        byId ? new("", topic.TopicId, partition) : new(topic.Topic, Guid.Empty, partition);

    /// <summary>Whether both are of one topic.</summary>
    public bool IsSameTopic(in FetchKey other) => TopicId == other.TopicId && Topic == other.Topic;
}
