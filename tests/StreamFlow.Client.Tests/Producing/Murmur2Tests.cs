using System.Text;
using StreamFlow.Client.Producing;

namespace StreamFlow.Client.Tests.Producing;

public sealed class Murmur2Tests
{
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    public void Hash_agrees_with_other_Kafka_clients(string key, int hash) => Assert.Equal(hash, Murmur2.Hash(Encoding.ASCII.GetBytes(key)));

    [Fact]
    public void Partition_is_never_negative_when_the_hash_is() => Assert.Equal((-973932308 & int.MaxValue) % 10, Murmur2.PartitionOf("21"u8, 10));
}
