using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;

namespace StreamFlow.Storage.Tests;

public sealed class PartitionLogTests
{
    [Fact]
    public async Task Appended_batches_are_read_back_at_their_offsets()
    {
        await using var test = new TestLog();
        Assert.Equal((0, 1), (test.Append("a", "b").BaseOffset, test.Log.LogEndOffset - 1));
        Assert.Equal((2, 2), (test.Append("c").BaseOffset, test.Log.LogEndOffset - 1));
        Assert.Equal(["0=a", "1=b", "2=c"], test.ReadAll());
        Assert.Equal(["1=b", "2=c"], test.ReadAll(from: 1));
        Assert.Empty(test.ReadAll(from: 3));
    }

    [Fact]
    public async Task Offsets_outside_the_log_are_out_of_range()
    {
        await using var test = new TestLog();
        test.Append("a");
        Assert.Equal(ErrorCode.OffsetOutOfRange, test.Log.Read(2, 100).Error);
        Assert.Equal(ErrorCode.OffsetOutOfRange, test.Log.Read(-1, 100).Error);
        Assert.Equal(ErrorCode.None, test.Log.Read(1, 100).Error);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Segments_roll_by_size_and_everything_is_read_across_them(bool clean)
    {
        var config = new LogConfig { SegmentBytes = 2000, IndexIntervalBytes = 100 };
        await using var test = new TestLog(config);
        var expected = new List<string>();
        for (var i = 0; i < 300; i++)
        {
            expected.Add($"{test.Append($"value-{i}").BaseOffset}=value-{i}");
        }

        Assert.True(test.Log.SegmentCount > 5);
        if (clean)
        {
            await test.ReopenAsync();
        }
        else
        {
            test.Files.DeleteFile(Path.Combine(TestLog.Root, ".kafka_cleanshutdown"));
        }

        for (var from = 0; from < 300; from += 7)
        {
            Assert.Equal(expected[from..], test.ReadAll(from, maxBytes: 500));
        }

        Assert.Equal(300, test.Append("more").BaseOffset);
    }

    [Fact]
    public async Task A_read_hands_out_whole_batches_within_the_limit_but_one_at_least()
    {
        await using var test = new TestLog();
        var size = TestLog.Batch(new RecordBatchOptions(), 1, ("a", "a")).Length;
        for (var i = 0; i < 10; i++)
        {
            test.Append("a");
        }

        Assert.Equal(size, test.Log.Read(0, 1).Length);
        Assert.Equal(0, test.Log.Read(0, size - 1, minOneBatch: false).Length);
        Assert.Equal(size, test.Log.Read(0, size, minOneBatch: false).Length);
        Assert.Equal(3 * size, test.Log.Read(0, (4 * size) - 1).Length);
        Assert.Equal(10 * size, test.Log.Read(0, 100 * size).Length);
    }
}
