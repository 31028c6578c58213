using StreamFlow.Cli.Shell;
using StreamFlow.Core.Topics;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Cli.Tests.Shell;

/// <summary>What a worker says about the stores it takes over.</summary>
public sealed class WorkerLogTests
{
    [Theory]
    [InlineData(0, 0, 0, null)]
    [InlineData(120, 120, 0, "store counts of task 1_2: local state has all of wc-counts-changelog-2, up to offset 120")]
    [InlineData(100, 120, 18, "store counts of task 1_2: read 18 records of wc-counts-changelog-2, offsets 100 to 119")]
    public void A_restore_is_described_by_what_had_to_be_read(long from, long to, long records, string? expected) =>
        Assert.Equal(
            expected,
            WorkerLog.Describe(new StoreRestored(
                new TaskId(1, 2), "counts", new TopicPartition("wc-counts-changelog", 2), from, to, records)));
}
