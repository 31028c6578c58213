using System.Buffers;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Protocol.Tests;

public sealed class MessageFrameTests
{
    [Fact]
    public void Request_that_is_not_flexible_has_header_version_1() => Assert.Equal(
        "00000015" + "000C" + "0000" + "00000005" + "0003617070" + "0000" + "00000000" + "0000",
        Hex(b => MessageFrame.WriteRequest(b, new HeartbeatRequest(), 0, 5, "app")));

    [Fact]
    public void Flexible_request_has_header_version_2_with_a_fixed_length_client_id()
    {
        var hex = Hex(b => MessageFrame.WriteRequest(b, new ApiVersionsRequest { ClientSoftwareName = "s" }, 3, 5, "app"));
        Assert.Equal("00000012" + "0012" + "0003" + "00000005" + "0003617070" + "00" + "0273" + "01" + "00", hex);
    }

    [Fact]
    public void Null_client_id_stays_null()
    {
        var frame = Frame(b => MessageFrame.WriteRequest(b, new MetadataRequest(), 12, 5, null));
        MessageFrame.ReadRequest(frame, out var header);
        Assert.Null(header.ClientId);
    }

    [Fact]
    public void Flexible_response_has_tags_in_its_header() => Assert.Equal(
        "0000000C" + "00000007" + "00" + "00000000" + "0000" + "00",
        Hex(b => MessageFrame.WriteResponse(b, new HeartbeatResponse(), 4, 7)));

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4)]
    public void Response_of_ApiVersions_never_has_tags_in_its_header(short version)
    {
        var sent = new ApiVersionsResponse { ErrorCode = ErrorCode.InvalidRequest };
        var frame = Frame(b => MessageFrame.WriteResponse(b, sent, version, 7));
        Assert.Equal("00000007" + "002A", Convert.ToHexString(frame.AsSpan(0, 6)));
        var response = (ApiVersionsResponse)MessageFrame.ReadResponse(frame, ApiKey.ApiVersions, version, out var correlationId);
        Assert.Equal(7, correlationId);
        Assert.Equal(ErrorCode.InvalidRequest, response.ErrorCode);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Response_of_ApiVersions_to_a_version_too_new_is_read_as_version_0(short asked)
    {
        var sent = new ApiVersionsResponse
        {
            ErrorCode = ErrorCode.UnsupportedVersion,
            ApiKeys = [new() { ApiKey = (short)ApiKey.ApiVersions, MinVersion = 0, MaxVersion = 2 }],
        };
        var frame = Frame(b => MessageFrame.WriteResponse(b, sent, 0, 7));
        var response = (ApiVersionsResponse)MessageFrame.ReadResponse(frame, ApiKey.ApiVersions, asked, out _);
        Assert.Equal(ErrorCode.UnsupportedVersion, response.ErrorCode);
        Assert.Equal(2, response.ApiKeys.Single().MaxVersion);
    }

    [Fact]
    public void Error_in_a_body_names_api_and_version()
    {
        var frame = Frame(b => MessageFrame.WriteRequest(b, Produce(new byte[10]), 9, 1, "a"));
        var error = Assert.Throws<ProtocolException>(() => MessageFrame.ReadRequest(frame.AsMemory(0, frame.Length - 4), out _));
        Assert.StartsWith("Produce request version 9: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ApiVersions_request_of_an_unknown_version_lets_its_header_be_read()
    {
        var frame = Convert.FromHexString("0012" + "0063" + "00000009" + "0003617070" + "00" + "FFFFFF");
        var reader = new ProtocolReader(frame);
        var header = MessageFrame.ReadRequestHeader(ref reader);
        Assert.Equal((99, 9, "app"), (header.RequestApiVersion, header.CorrelationId, header.ClientId));
        Assert.Throws<ProtocolException>(() => MessageFrame.ReadRequest(frame, out _));
    }

    [Theory]
    [InlineData("03E7" + "0000" + "00000009" + "FFFF", "API key 999 is not known")]
    [InlineData("FFFF" + "0000" + "00000009" + "FFFF", "API key -1 is not known")]
    [InlineData("0001" + "0063" + "00000009" + "FFFF", "Fetch has no version 99")]
    [InlineData("0000" + "0002" + "00000009" + "FFFF", "Produce has no version 2")]
    [InlineData("0003", "2 bytes are needed")]
    public void Header_that_names_nothing_known_is_refused(string hex, string reason)
    {
        var error = Assert.Throws<ProtocolException>(() => MessageFrame.ReadRequest(Convert.FromHexString(hex), out _));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Frames_follow_each_other_in_one_buffer()
    {
        using var buffer = new FrameBuffer();
        var records = new byte[5000];
        MessageFrame.WriteRequest(buffer, Produce(records), 9, 1, "a");
        MessageFrame.WriteRequest(buffer, Produce(records), 9, 2, "a");
        var sequence = new ReadOnlySequence<byte>(buffer.ToArray());
        for (var expected = 1; expected <= 2; expected++)
        {
            Assert.True(FrameDecoder.TryRead(ref sequence, FrameDecoder.DefaultLargestFrame, out var frame));
            var request = (ProduceRequest)MessageFrame.ReadRequest(frame.ToArray(), out var header);
            Assert.Equal(expected, header.CorrelationId);
            Assert.Equal(5000, request.TopicData[0].PartitionData[0].Records!.Value.Length);
        }

        Assert.True(sequence.IsEmpty);
    }

    private static ProduceRequest Produce(byte[] records) => new()
    {
        Acks = -1,
        TopicData = [new() { Name = "t", PartitionData = [new() { Records = records }] }],
    };

    private static string Hex(Action<FrameBuffer> write)
    {
        using var buffer = new FrameBuffer();
        write(buffer);
        return Convert.ToHexString(buffer.ToArray());
    }

    private static byte[] Frame(Action<FrameBuffer> write) => Convert.FromHexString(Hex(write)[8..]);
}
