using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Protocol.Tests;

public sealed class VersionedBytesTests
{
    [Fact]
    public void Value_carries_its_version_in_front()
    {
        var bytes = VersionedBytes.Write(new ConsumerProtocolSubscription { Topics = ["a", "b"] }, 1);
        Assert.Equal("0001" + "00000002" + "000161" + "000162" + "FFFFFFFF" + "00000000", Convert.ToHexString(bytes));
        Assert.Equal(["a", "b"], VersionedBytes.Read<ConsumerProtocolSubscription>(bytes).Topics);
    }

    [Fact]
    public void Version_of_the_future_is_read_as_the_newest()
    {
        var bytes = VersionedBytes.Write(new ConsumerProtocolSubscription { Topics = ["a"], GenerationId = 4 }, 3);
        bytes[1] = 50;
        var read = VersionedBytes.Read<ConsumerProtocolSubscription>(bytes.Concat(new byte[] { 1, 2, 3 }).ToArray());
        Assert.Equal(4, read.GenerationId);
    }

    [Fact]
    public void Negative_version_is_refused() =>
        Assert.Throws<ProtocolException>(() => VersionedBytes.Read<ConsumerProtocolAssignment>(new byte[] { 0xFF, 0xFF, 0, 0 }));

    [Fact]
    public void Key_of_a_committed_offset_is_that_of_Kafka()
    {
        var bytes = VersionedBytes.WriteKey(new OffsetCommitKey { Group = "g", Topic = "t", Partition = 3 });
        Assert.Equal("0001" + "000167" + "000174" + "00000003", Convert.ToHexString(bytes));
        Assert.Equal(1, VersionedBytes.ReadRecordType(bytes));
        Assert.Equal("t", VersionedBytes.ReadKey<OffsetCommitKey>(bytes).Topic);
    }

    [Fact]
    public void Key_of_another_type_is_refused()
    {
        var bytes = VersionedBytes.WriteKey(new GroupMetadataKey { Group = "g" });
        Assert.Throws<ProtocolException>(() => VersionedBytes.ReadKey<OffsetCommitKey>(bytes));
    }
}
