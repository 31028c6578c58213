namespace StreamFlow.Broker.Tests.BadLuck;

/// <summary>Compaction by a broker that runs.</summary>
public sealed class CompactionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Last_values_stay_and_tombstones_go_after_their_time()
    {
        await using var broker = await TestBroker.StartAsync(o => o with { CleanerBackoffMs = 20 });
        await broker.CreateTopicAsync(
            "t",
            configs:
            [
                ("cleanup.policy", "compact"), ("min.cleanable.dirty.ratio", "0.01"), ("segment.bytes", "1024"),
                ("delete.retention.ms", "300"), ("min.compaction.lag.ms", "0"), ("file.delete.delay.ms", "0"),
            ]);
        var last = new Dictionary<string, string>();
        for (var i = 0; i < 200; i++)
        {
            await PutAsync(broker, $"k{i % 7}", last[$"k{i % 7}"] = $"v{i}");
        }

        await PutAsync(broker, "k3", null);
        last.Remove("k3");

        // Compaction leaves the active segment alone: what is written meanwhile pushes the rest out of it.
        var waited = System.Diagnostics.Stopwatch.StartNew();
        var found = await ReadAsync(broker);
        for (var i = 0; !IsDone(found, last); i++)
        {
            Assert.True(waited.Elapsed < Patience, string.Join(' ', found));
            await PutAsync(broker, "tick", last["tick"] = $"{i}");
            await Task.Delay(20);
            found = await ReadAsync(broker);
        }

        Assert.Equal(last, found.Where(r => r.Value is not null).GroupBy(r => r.Key).ToDictionary(g => g.Key, g => g.Last().Value!));
        Assert.Equal(found.Select(r => r.Offset).Order(), found.Select(r => r.Offset));
    }

    /// <summary>Every key but the one still being written is there once, and no tombstone.</summary>
    private static bool IsDone(List<(long Offset, string Key, string? Value)> found, Dictionary<string, string> last) =>
        found.TrueForAll(r => r.Value is not null) && found.Count(r => r.Key != "tick") == last.Keys.Count(k => k != "tick");

    private static async Task PutAsync(TestBroker broker, string key, string? value) =>
        Assert.Equal(Core.Errors.ErrorCode.None, (await broker.ProduceAsync("t", 0, TestBroker.KeyedBatch(key, value), acks: 1)).ErrorCode);

    private static async Task<List<(long Offset, string Key, string? Value)>> ReadAsync(TestBroker broker)
    {
        var all = new List<(long, string, string?)>();
        long next = 0;
        while (true)
        {
            var records = TestBroker.Records(await broker.FetchAsync("t", 0, next), out var end);
            if (end is null)
            {
                return all;
            }

            all.AddRange(records.Where(r => r.Offset >= next));
            next = end.Value;
        }
    }
}
