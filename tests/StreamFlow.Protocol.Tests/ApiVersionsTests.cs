using System.Text;
using StreamFlow.Core.Errors;
using StreamFlow.Testing.Snapshots;

namespace StreamFlow.Protocol.Tests;

public sealed class ApiVersionsTests
{
    [Fact]
    public void Table_is_the_reviewed_one()
    {
        var text = new StringBuilder("key  API                             layouts  flexible  offered\n");
        foreach (var range in ApiVersions.All)
        {
            var flexible = range.FirstFlexible == short.MaxValue ? "none" : range.FirstFlexible + "+";
            text.Append($"{(short)range.Key,3}  {range.Key,-30} {range.Lowest + "-" + range.Highest,8}  {flexible,8}  ");
            text.Append($"{range.LowestOffered + "-" + range.HighestOffered,7}\n");
        }

        Snapshot.Verify(text.ToString());
    }

    [Fact]
    public void Every_api_has_messages_that_name_it()
    {
        foreach (var range in ApiVersions.All)
        {
            var response = MessageRegistry.CreateResponse(range.Key);
            Assert.Equal(range.Key, response.ApiKey);
            Assert.Equal((range.Lowest, range.Highest), (response.LowestVersion, response.HighestVersion));
            for (var version = range.Lowest; version <= range.Highest; version++)
            {
                Assert.Equal(range.IsFlexible(version), response.IsFlexible(version));
            }
        }
    }

    [Fact]
    public void Produce_is_offered_from_0_but_has_layouts_from_3()
    {
        // librdkafka takes the low versions as a sign for the current record format (KAFKA-18659).
        var produce = ApiVersions.Of(ApiKey.Produce);
        Assert.Equal(0, produce.LowestOffered);
        Assert.False(produce.Contains(2));
    }

    [Fact]
    public void Version_that_is_not_settled_is_not_offered() => Assert.Equal(5, ApiVersions.Of(ApiKey.InitProducerId).HighestOffered);

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    [InlineData(32000)]
    public void Unknown_key_is_refused(short key)
    {
        Assert.False(ApiVersions.TryGet((ApiKey)key, out _));
        Assert.Throws<ProtocolException>(() => ApiVersions.Of((ApiKey)key));
        Assert.Throws<ProtocolException>(() => MessageRegistry.CreateResponse((ApiKey)key));
    }
}
