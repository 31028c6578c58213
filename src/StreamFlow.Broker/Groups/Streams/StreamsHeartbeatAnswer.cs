using StreamFlow.Broker.Groups.Streams.Topology;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Groups.Streams;

/// <summary>What a heartbeat is answered with, and the topics that are to be created because of it.</summary>
internal sealed record StreamsHeartbeatAnswer(StreamsGroupHeartbeatResponse Response, IReadOnlyList<InternalTopic> Missing)
{
    public StreamsHeartbeatAnswer(GroupRefusal refusal)
        : this(new StreamsGroupHeartbeatResponse { ErrorCode = refusal.Error, ErrorMessage = refusal.Message }, [])
    {
    }

    public bool IsRefusal => Response.ErrorCode != ErrorCode.None;
}
