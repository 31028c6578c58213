using System.Globalization;
using StreamFlow.Protocol.Messages;
using StreamFlow.Protocol.Tests.Support;

namespace StreamFlow.Protocol.Tests.Interop;

/// <summary>The messages against librdkafka: what it sends is understood to the last byte, and it understands the answers.</summary>
[Trait("Category", "Interop")]
public sealed class KcatTests
{
    [KcatFact]
    public async Task Metadata_is_understood_by_librdkafka()
    {
        await using var broker = new RecordingBroker();
        var output = await Kcat.RunAsync("", "-L", "-b", Address(broker));
        Assert.Null(broker.Error);
        Assert.Contains(broker.Requests, r => r.Body is ApiVersionsRequest { ClientSoftwareName.Length: > 0 });
        Assert.Contains($"broker 7 at 127.0.0.1:{broker.Port}", output, StringComparison.Ordinal);
        Assert.Contains($"topic \"{RecordingBroker.Topic}\" with 1 partitions", output, StringComparison.Ordinal);
    }

    [KcatFact]
    public async Task Produce_request_of_librdkafka_holds_one_batch()
    {
        await using var broker = new RecordingBroker();
        var output = await Kcat.RunAsync("k1:one\nk2:two\n", "-P", "-b", Address(broker), "-t", RecordingBroker.Topic, "-K", ":");
        Assert.Null(broker.Error);
        Assert.Equal("", output);
        var produce = broker.Requests.Select(r => r.Body).OfType<ProduceRequest>().ToList();
        Assert.NotEmpty(produce);
        var records = produce[0].TopicData.Single().PartitionData.Single().Records!.Value;
        Assert.Equal(2, records.Span[16]);
        Assert.Equal((short)-1, produce[0].Acks);
    }

    [KcatFact]
    public async Task Requests_of_librdkafka_are_encoded_as_it_encodes_them()
    {
        await using var broker = new RecordingBroker();
        await Kcat.RunAsync("k:v\n", "-P", "-b", Address(broker), "-t", RecordingBroker.Topic, "-K", ":");
        Assert.NotEmpty(broker.Requests);
        foreach (var (header, body, frame) in broker.Requests)
        {
            using var buffer = new FrameBuffer();
            MessageFrame.WriteRequest(buffer, body, header.RequestApiVersion, header.CorrelationId, header.ClientId);
            Assert.Equal(Convert.ToHexString(frame), Convert.ToHexString(buffer.ToArray().AsSpan(4)));
        }
    }

    private static string Address(RecordingBroker broker) => "127.0.0.1:" + broker.Port.ToString(CultureInfo.InvariantCulture);
}
