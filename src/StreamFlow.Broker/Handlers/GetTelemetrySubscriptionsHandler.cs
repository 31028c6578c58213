using StreamFlow.Broker.Telemetry;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Tells a client which of its metrics are wanted, and gives it an id when it has none (KIP-714).</summary>
internal sealed class GetTelemetrySubscriptionsHandler(ClientTelemetry telemetry, Func<Guid> newId)
    : RequestHandler<GetTelemetrySubscriptionsRequest, GetTelemetrySubscriptionsResponse>
{
    protected override ValueTask<GetTelemetrySubscriptionsResponse?> HandleAsync(
        RequestContext context, GetTelemetrySubscriptionsRequest request) =>
        new(telemetry.Subscribe(context, request.ClientInstanceId == Guid.Empty ? newId() : request.ClientInstanceId));
}
