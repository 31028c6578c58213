using StreamFlow.Streams.State;
using StreamFlow.Streams.State.Persistent;

namespace StreamFlow.Streams.Tests.State;

public sealed class RocksDbStateBackendTests
{
    [Fact]
    public void A_store_whose_source_topic_doubles_as_changelog_is_not_written_there()
    {
        var own = StateFixture.KeyValue("own");
        var reused = StateFixture.KeyValue("reused") with { SourceTopic = "customers" };
        using var fixture = new StateFixture(own, reused);
        var asked = new List<string>();
        var backend = new RocksDbStateBackend(fixture.Database, store =>
        {
            asked.Add(store.Name);
            return null;
        });

        backend.OpenChangelog(own);
        backend.OpenChangelog(reused);

        Assert.Equal(["own"], asked);
    }
}
