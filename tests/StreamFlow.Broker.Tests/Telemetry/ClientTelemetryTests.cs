using System.Diagnostics.Metrics;
using System.Text;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Tests.Telemetry;

/// <summary>Metrics that clients push (KIP-714).</summary>
public sealed class ClientTelemetryTests
{
    private const sbyte ClientMetrics = 16;

    [Fact]
    public async Task Pushed_numbers_are_shown_as_gauges_of_the_client()
    {
        await using var broker = await TestBroker.StartAsync();
        await SubscribeAsync(broker, ("metrics", "org.apache."), ("interval.ms", "1000"));
        var wanted = await broker.SendAsync(new GetTelemetrySubscriptionsRequest());
        Assert.Equal((ErrorCode.None, 1000), (wanted.ErrorCode, wanted.PushIntervalMs));
        Assert.Equal(["org.apache."], wanted.RequestedMetrics);
        Assert.NotEqual(Guid.Empty, wanted.ClientInstanceId);

        var seen = new List<(string Name, double Value, string Tags)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == "StreamFlow.Broker.Clients")
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
            seen.Add((instrument.Name, value, string.Join(' ', tags.ToArray().Select(t => $"{t.Key}={t.Value}")))));
        listener.Start();

        Assert.Equal(ErrorCode.None, await PushAsync(broker, wanted, Gauge("org.apache.connections", 7, ("node", "1"))));
        listener.RecordObservableInstruments();

        var (name, value, text) = Assert.Single(seen, s => s.Tags.Contains($"{wanted.ClientInstanceId}", StringComparison.Ordinal));
        Assert.Equal(("org.apache.connections", 7.0), (name, value));
        Assert.Contains("client_id=test", text, StringComparison.Ordinal);
        Assert.Contains("node=1", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_pushes_are_refused_as_Kafka_does()
    {
        await using var broker = await TestBroker.StartAsync(o => o with { TelemetryMaxBytes = 100 });
        await SubscribeAsync(broker, ("metrics", "*"));
        var wanted = await broker.SendAsync(new GetTelemetrySubscriptionsRequest());

        Assert.Equal(ErrorCode.ThrottlingQuotaExceeded, (await broker.SendAsync(
            new GetTelemetrySubscriptionsRequest { ClientInstanceId = wanted.ClientInstanceId })).ErrorCode);
        Assert.Equal(ErrorCode.InvalidRequest, await PushAsync(broker, new(), []));
        Assert.Equal(ErrorCode.TelemetryTooLarge, await PushAsync(broker, wanted, new byte[101]));
        Assert.Equal(ErrorCode.ThrottlingQuotaExceeded, await PushAsync(broker, wanted, []));

        // What ends is always heard, once.
        Assert.Equal(ErrorCode.InvalidRecord, await PushAsync(broker, wanted, [10, 100, 1], terminating: true));
        Assert.Equal(ErrorCode.InvalidRequest, await PushAsync(broker, wanted, [], terminating: true));
    }

    [Fact]
    public async Task Changed_subscription_makes_the_client_ask_again()
    {
        await using var broker = await TestBroker.StartAsync();
        var wanted = await broker.SendAsync(new GetTelemetrySubscriptionsRequest());
        Assert.Empty(wanted.RequestedMetrics);
        Assert.Equal(300_000, wanted.PushIntervalMs);

        await SubscribeAsync(broker, ("metrics", "a"), ("match", "client_id=te.*"));
        Assert.Equal(ErrorCode.UnknownSubscriptionId, await PushAsync(broker, wanted, []));
        var again = await broker.SendAsync(new GetTelemetrySubscriptionsRequest { ClientInstanceId = wanted.ClientInstanceId });

        Assert.Equal(ErrorCode.None, again.ErrorCode);
        Assert.Equal(["a"], again.RequestedMetrics);
    }

    [Fact]
    public async Task Subscription_is_for_those_it_matches()
    {
        await using var broker = await TestBroker.StartAsync();
        await SubscribeAsync(broker, ("metrics", "a"), ("match", "client_id=te"));
        Assert.Empty((await broker.SendAsync(new GetTelemetrySubscriptionsRequest())).RequestedMetrics);
    }

    private static async Task<ErrorCode> PushAsync(
        TestBroker broker, GetTelemetrySubscriptionsResponse wanted, byte[] metrics, bool terminating = false) =>
        (await broker.SendAsync(new PushTelemetryRequest
        {
            ClientInstanceId = wanted.ClientInstanceId,
            SubscriptionId = wanted.SubscriptionId,
            Terminating = terminating,
            Metrics = metrics,
        })).ErrorCode;

    private static async Task SubscribeAsync(TestBroker broker, params (string Name, string Value)[] settings)
    {
        var response = await broker.SendAsync(new IncrementalAlterConfigsRequest
        {
            Resources =
            [
                new()
                {
                    ResourceType = ClientMetrics,
                    ResourceName = "s",
                    Configs = [.. settings.Select(s => new IncrementalAlterConfigsRequest.AlterableConfig { Name = s.Name, Value = s.Value })],
                },
            ],
        });
        Assert.Equal(ErrorCode.None, response.Responses[0].ErrorCode);
    }

    /// <summary>MetricsData with one gauge of one point.</summary>
    private static byte[] Gauge(string name, double value, (string Key, string Value) attribute)
    {
        byte[] point =
        [
            .. Field(7, [.. Field(1, Encoding.UTF8.GetBytes(attribute.Key)), .. Field(2, Field(1, Encoding.UTF8.GetBytes(attribute.Value)))]),
            (4 << 3) | 1, .. BitConverter.GetBytes(value),
        ];
        byte[] metric = [.. Field(1, Encoding.UTF8.GetBytes(name)), .. Field(5, Field(1, point))];
        return Field(1, Field(2, Field(2, metric)));
    }

    private static byte[] Field(int number, byte[] bytes) => [(byte)((number << 3) | 2), (byte)bytes.Length, .. bytes];
}
