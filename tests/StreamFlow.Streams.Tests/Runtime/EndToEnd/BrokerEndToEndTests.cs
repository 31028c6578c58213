using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Tests.Runtime.EndToEnd;

public sealed class BrokerEndToEndTests
{
    [Theory]
    [InlineData(ProcessingGuarantee.AtLeastOnce)]
    [InlineData(ProcessingGuarantee.ExactlyOnceV2)]
    public async Task Counts_survive_restarts_with_and_without_their_state(ProcessingGuarantee guarantee)
    {
        await using var fixture = await BrokerFixture.StartAsync(partitions: 2);
        var app = await fixture.StartAppAsync("a", guarantee);
        await fixture.WriteWordsAsync(500, seed: 1);
        await fixture.EventuallyCountedAsync();
        await app.StopAsync();

        app = await fixture.StartAppAsync("a", guarantee);
        await fixture.WriteWordsAsync(500, seed: 2);
        await fixture.EventuallyCountedAsync();
        Assert.Equal(0, app.RestoredRecords);
        await app.StopAsync();

        app = await fixture.StartAppAsync("elsewhere", guarantee);
        await fixture.WriteWordsAsync(500, seed: 3);
        var updates = await fixture.EventuallyCountedAsync();
        Assert.True(app.RestoredRecords > 0);
        if (guarantee == ProcessingGuarantee.ExactlyOnceV2)
        {
            Assert.All(updates.Values, counts => Assert.Equal(Enumerable.Range(1, counts.Count), counts));
        }
    }

    [Theory]
    [InlineData(ProcessingGuarantee.AtLeastOnce)]
    [InlineData(ProcessingGuarantee.ExactlyOnceV2)]
    public async Task Two_instances_share_the_tasks_while_records_flow(ProcessingGuarantee guarantee)
    {
        await using var fixture = await BrokerFixture.StartAsync(partitions: 4);
        var a = await fixture.StartAppAsync("a", guarantee);
        await fixture.WriteWordsAsync(1000, seed: 1);
        var b = await fixture.StartAppAsync("b", guarantee);
        await fixture.WriteWordsAsync(1000, seed: 2);
        await fixture.EventuallyCountedAsync();
        while (await CountPartsAsync(a) != 2 || await CountPartsAsync(b) != 2)
        {
            await Task.Delay(20);
        }

        await fixture.WriteWordsAsync(1000, seed: 3);
        await a.StopAsync();
        await fixture.WriteWordsAsync(1000, seed: 4);
        var updates = await fixture.EventuallyCountedAsync();
        if (guarantee == ProcessingGuarantee.ExactlyOnceV2)
        {
            Assert.All(updates.Values, counts => Assert.Equal(Enumerable.Range(1, counts.Count), counts));
        }
    }

    private static async Task<int> CountPartsAsync(StreamsApplication app) =>
        (await app.QueryAsync<IStateStore, string>("counts", store => store.Name)).Count;
}
