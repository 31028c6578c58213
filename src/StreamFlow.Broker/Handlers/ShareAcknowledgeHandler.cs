using StreamFlow.Broker.Groups;
using StreamFlow.Broker.Groups.Share;
using StreamFlow.Broker.Sharing;
using StreamFlow.Broker.Sharing.Sessions;
using StreamFlow.Broker.Sharing.State;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Takes what a member of a share group says of its records (KIP-932).</summary>
internal sealed class ShareAcknowledgeHandler(
    SharePartitions partitions, ShareSessions sessions, ShareAcknowledgements acknowledgements, ShareStates states)
    : RequestHandler<ShareAcknowledgeRequest, ShareAcknowledgeResponse>
{
    private const short FirstVersionWithRenewal = 2;

    protected override async ValueTask<ShareAcknowledgeResponse?> HandleAsync(RequestContext context, ShareAcknowledgeRequest request)
    {
        if (request is not { GroupId: { } groupId, MemberId: { } memberId } || !ShareHeartbeat.IsMemberId(memberId))
        {
            return new()
            {
                ErrorCode = ErrorCode.InvalidRequest,
                ErrorMessage = request.GroupId is null ? "Invalid group id in the request." : "Invalid member id in the request.",
            };
        }

        var error = request.ShareSessionEpoch == ShareSessions.OpeningEpoch
            ? ErrorCode.InvalidShareSessionEpoch
            : sessions.Continue(groupId, memberId, request.ShareSessionEpoch, [], [], out _);
        if (error != ErrorCode.None)
        {
            return new() { ErrorCode = error, ErrorMessage = ErrorCodes.Describe(error) };
        }

        var mayRenew = context.ApiVersion >= FirstVersionWithRenewal && request.IsRenewAck;
        var said = await acknowledgements.TakeAsync(context, groupId, memberId, Said(request), mayRenew).ConfigureAwait(false);
        if (request.ShareSessionEpoch == ShareSessions.ClosingEpoch)
        {
            await states.FlushAsync(sessions.Close(groupId, memberId)).ConfigureAwait(false);
        }

        return new()
        {
            AcquisitionLockTimeoutMs = partitions.Settings.LimitsOf(groupId).LockDurationMs,
            Responses = [.. said.GroupBy(s => s.Key.TopicId).Select(topic => new ShareAcknowledgeResponse.ShareAcknowledgeTopicResponse
            {
                TopicId = topic.Key,
                Partitions = [.. topic.Select(p => new ShareAcknowledgeResponse.PartitionData
                {
                    PartitionIndex = p.Key.Partition,
                    ErrorCode = p.Value,
                    ErrorMessage = p.Value == ErrorCode.None ? null : ErrorCodes.Describe(p.Value),
                })],
            })],
        };
    }

    private static IEnumerable<(TopicIdPartition Partition, List<Acknowledgement> Batches)> Said(ShareAcknowledgeRequest request) =>
        request.Topics.SelectMany(t => t.Partitions.Select(p => (
            new TopicIdPartition(t.TopicId, p.PartitionIndex),
            p.AcknowledgementBatches.ConvertAll(b => new Acknowledgement(b.FirstOffset, b.LastOffset, b.AcknowledgeTypes)))));
}
