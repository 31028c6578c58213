namespace StreamFlow.Streams.Topologies;

/// <summary>The full names of internal topics: Kafka Streams' scheme.</summary>
public static class InternalTopics
{
    /// <summary><c>application-name</c>; repartition topics already end in <c>-repartition</c>.</summary>
    public static string FullName(string applicationId, string topic) => applicationId + "-" + topic;

    /// <summary><c>application-store-changelog</c>.</summary>
    public static string Changelog(string applicationId, string store) => $"{applicationId}-{store}-changelog";
}
