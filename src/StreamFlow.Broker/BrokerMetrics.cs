using System.Diagnostics.Metrics;
using StreamFlow.Broker.Sharing;
using StreamFlow.Core.Errors;

namespace StreamFlow.Broker;

/// <summary>What the broker counts, as instruments of the meter <c>StreamFlow.Broker</c>.</summary>
internal sealed class BrokerMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _bytesIn;
    private readonly Counter<long> _bytesOut;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _acquired;
    private readonly Counter<long> _acknowledged;
    private readonly UpDownCounter<long> _connections;

    public BrokerMetrics(IMeterFactory? factory)
    {
        _meter = factory?.Create("StreamFlow.Broker") ?? new Meter("StreamFlow.Broker");
        _bytesIn = _meter.CreateCounter<long>("streamflow.broker.produce.bytes", "By", "Bytes of record batches appended for producers");
        _bytesOut = _meter.CreateCounter<long>("streamflow.broker.fetch.bytes", "By", "Bytes of record batches read for consumers");
        _refused = _meter.CreateCounter<long>("streamflow.broker.produce.refused", "{batch}", "Record batches refused, by error");
        _requests = _meter.CreateCounter<long>("streamflow.broker.requests", "{request}", "Requests handled, by API");
        _acquired = _meter.CreateCounter<long>("streamflow.broker.share.acquired", "{record}", "Records handed to members of share groups");
        _acknowledged = _meter.CreateCounter<long>(
            "streamflow.broker.share.acknowledged", "{record}", "What members of share groups said of records, by type");
        _connections = _meter.CreateUpDownCounter<long>("streamflow.broker.connections", "{connection}", "Open connections");
    }

    public void OnProduced(long bytes) => _bytesIn.Add(bytes);

    public void OnFetched(long bytes) => _bytesOut.Add(bytes);

    public void OnProduceRefused(ErrorCode error)
    {
        if (_refused.Enabled)
        {
            _refused.Add(1, new KeyValuePair<string, object?>("error", ErrorCodes.Name(error)));
        }
    }

    public void OnRequest(Protocol.ApiKey api)
    {
        if (_requests.Enabled)
        {
            _requests.Add(1, new KeyValuePair<string, object?>("api", api.ToString()));
        }
    }

    public void OnAcquired(long records) => _acquired.Add(records);

    public void OnAcknowledged(AcknowledgeType type, long records)
    {
        if (_acknowledged.Enabled)
        {
            _acknowledged.Add(records, new KeyValuePair<string, object?>("type", NameOf(type)));
        }
    }

    public void OnConnection(int change) => _connections.Add(change);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private static string NameOf(AcknowledgeType type) => type switch
    {
        AcknowledgeType.Gap => "gap",
        AcknowledgeType.Accept => "accept",
        AcknowledgeType.Release => "release",
        AcknowledgeType.Reject => "reject",
        _ => "renew",
    };
}
