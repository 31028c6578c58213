namespace StreamFlow.Broker.Groups.Streams.Topology;

/// <summary>What members are told of their group besides their tasks. The numbers are Kafka's.</summary>
internal enum StreamsStatus : sbyte
{
    /// <summary>The member runs an older topology than the group.</summary>
    StaleTopology = 0,

    /// <summary>Topics that the application reads do not exist.</summary>
    MissingSourceTopics = 1,

    /// <summary>Topics that have to have the same number of partitions do not.</summary>
    IncorrectlyPartitionedTopics = 2,

    /// <summary>Topics of the application itself do not exist yet; the coordinator creates them.</summary>
    MissingInternalTopics = 3,

    /// <summary>A member asked the whole application to stop.</summary>
    ShutdownApplication = 4,

    /// <summary>There is no new assignment yet; more members may come.</summary>
    AssignmentDelayed = 5,
}
