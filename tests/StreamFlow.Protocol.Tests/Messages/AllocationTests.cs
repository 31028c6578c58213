using StreamFlow.Protocol.Messages;

namespace StreamFlow.Protocol.Tests.Messages;

/// <summary>Record batches pass through without a copy: what is allocated does not grow with them.</summary>
public sealed class AllocationTests
{
    private const int RecordsSize = 8 * 1024 * 1024;

    /// <summary>The objects of one request, with room to spare; a copy of the records would be a thousand times more.</summary>
    private const long MostAllocated = 8 * 1024;

    [Fact]
    public void Produce_request_is_read_without_copying_its_records()
    {
        var frame = Encode(new FrameBuffer(), Request());
        MessageFrame.ReadRequest(frame, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var request = (ProduceRequest)MessageFrame.ReadRequest(frame, out _);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostAllocated);
        Assert.Equal(RecordsSize, request.TopicData[0].PartitionData[0].Records!.Value.Length);
    }

    [Fact]
    public void Fetch_response_is_written_without_copying_its_records()
    {
        using var buffer = new FrameBuffer();
        var response = new FetchResponse { Responses = [new() { Topic = "t", Partitions = [new() { Records = new byte[RecordsSize] }] }] };
        MessageFrame.WriteResponse(buffer, response, 12, 1);
        buffer.Clear();
        var before = GC.GetAllocatedBytesForCurrentThread();
        MessageFrame.WriteResponse(buffer, response, 12, 1);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostAllocated);
        Assert.True(buffer.Length > RecordsSize);
    }

    private static ProduceRequest Request() => new()
    {
        Acks = 1,
        TopicData = [new() { Name = "t", PartitionData = [new() { Records = new byte[RecordsSize] }] }],
    };

    private static ReadOnlyMemory<byte> Encode(FrameBuffer buffer, ProduceRequest request)
    {
        using (buffer)
        {
            MessageFrame.WriteRequest(buffer, request, 9, 1, "app");
            return buffer.ToArray().AsMemory(sizeof(int));
        }
    }
}
