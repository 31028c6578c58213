using StreamFlow.Broker.Sharing;

namespace StreamFlow.Broker.Tests.Sharing;

public sealed class SharePartitionKeyTests
{
    [Fact]
    public void Text_is_the_same_with_and_without_a_string()
    {
        var key = new SharePartitionKey("group", new Guid("00112233-4455-6677-8899-aabbccddeeff"), 1234);
        Assert.Equal("group:ABEiM0RVZneImaq7zN3u_w:1234", key.ToString());
        Assert.True(SharePartitionKey.IsKey(key.ToString()));

        var room = new char[key.ToString().Length];
        Assert.True(key.TryFormat(room, out var written));
        Assert.Equal(key.ToString(), new string(room, 0, written));
        for (var less = 0; less < room.Length; less++)
        {
            Assert.False(key.TryFormat(room.AsSpan(0, less), out _));
        }
    }
}
