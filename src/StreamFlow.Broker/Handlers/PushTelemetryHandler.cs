using StreamFlow.Broker.Telemetry;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Takes a client's metrics, which are shown with the broker's own (KIP-714).</summary>
internal sealed class PushTelemetryHandler(ClientTelemetry telemetry) : RequestHandler<PushTelemetryRequest, PushTelemetryResponse>
{
    protected override ValueTask<PushTelemetryResponse?> HandleAsync(RequestContext context, PushTelemetryRequest request) =>
        new(new PushTelemetryResponse { ErrorCode = telemetry.Push(context, request) });
}
