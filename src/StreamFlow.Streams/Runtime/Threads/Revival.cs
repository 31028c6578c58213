namespace StreamFlow.Streams.Runtime.Threads;

/// <summary>What a thread has to do after a failure before it goes on.</summary>
internal enum Revival
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Open its tasks again as they were at the last commit.</summary>
    WithSameProducer,

    /// <summary>The same, with a new producer: the old one was fenced.</summary>
    WithNewProducer,
}
