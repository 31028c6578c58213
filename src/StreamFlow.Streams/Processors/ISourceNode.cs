using StreamFlow.Streams.Runtime;

namespace StreamFlow.Streams.Processors;

/// <summary>A node that takes input: it makes the typed queue of each input partition.</summary>
internal interface ISourceNode
{
    /// <summary>Makes the queue of one input partition.</summary>
    RecordQueue CreateQueue(string topic, int partition);
}
