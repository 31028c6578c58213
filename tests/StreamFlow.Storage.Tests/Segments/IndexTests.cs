using StreamFlow.Core.Errors;
using StreamFlow.Core.IO;
using StreamFlow.Core.Records;

namespace StreamFlow.Storage.Tests.Segments;

public sealed class IndexTests
{
    [Theory]
    [InlineData("delete")]
    [InlineData("cut")]
    [InlineData("zeros")]
    [InlineData("noise")]
    public async Task Missing_or_damaged_indexes_are_built_anew(string fate)
    {
        await using var test = Filled();
        var expected = test.ReadAll();
        await test.Manager.DisposeAsync();
        var random = new Random(11);
        foreach (var name in test.Files.ListFiles(test.Directory).Where(f => f.EndsWith("index", StringComparison.Ordinal)))
        {
            var path = Path.Combine(test.Directory, name);
            using var file = test.Files.Open(path);
            var bytes = new byte[file.Length];
            switch (fate)
            {
                case "delete":
                    test.Files.DeleteFile(path);
                    break;
                case "cut":
                    file.SetLength(file.Length / 2 / 4 * 4);
                    break;
                case "zeros":
                    file.Write(new byte[240], file.Length);
                    break;
                default:
                    random.NextBytes(bytes);
                    file.Write(bytes, 0);
                    break;
            }
        }

        test.Open();
        Assert.Equal(expected, test.ReadAll());
        for (var offset = 0; offset < expected.Count; offset += 13)
        {
            Assert.Equal(expected[offset], test.ReadAll(offset, maxBytes: 1)[0]);
        }
    }

    [Fact]
    public async Task Timestamps_find_the_first_record_at_or_behind_them()
    {
        await using var test = new TestLog(new LogConfig { SegmentBytes = 3000, IndexIntervalBytes = 200, TimestampAfterMaxMs = long.MaxValue });
        var seed = 5;
        var random = new Random(seed);
        var times = new List<long>();
        for (var i = 0; i < 300; i++)
        {
            times.Add((i * 10) + random.Next(60));
            var options = new RecordBatchOptions { Compression = (CompressionType)(i % 5) };
            test.Log.Append(TestLog.Batch(options, times[i], ("k", $"v{i}")), 0);
        }

        for (var pass = 0; pass < 2; pass++)
        {
            for (var target = 0; target < 3100; target += 7)
            {
                var first = times.FindIndex(t => t >= target);
                Assert.Equal(first < 0 ? null : new TimestampOffset(first, times[first], 0), test.Log.FindByTimestamp(target));
            }

            var max = times.Max();
            Assert.Equal(new TimestampOffset(times.IndexOf(max), max, 0), test.Log.FindMaxTimestamp());
            await test.ReopenAsync();
        }
    }

    [Fact]
    public async Task Truncating_removes_whole_batches_and_what_depends_on_them()
    {
        for (var offset = 0; offset <= 200; offset += 9)
        {
            await using var test = Filled();
            test.Log.TruncateTo(offset);
            Assert.Equal(offset, test.Log.LogEndOffset);
            Assert.Equal(Enumerable.Range(0, offset).Select(i => $"{i}=value-{i}"), test.ReadAll());
            Assert.Equal(offset, test.Append($"value-{offset}").BaseOffset);
            await test.ReopenAsync();
            Assert.Equal(Enumerable.Range(0, offset + 1).Select(i => $"{i}=value-{i}"), test.ReadAll());
        }
    }

    [Fact]
    public async Task Leader_epochs_end_where_the_next_begins()
    {
        await using var test = new TestLog();
        foreach (var epoch in new[] { 0, 0, 2, 2, 5 })
        {
            test.Log.Append(TestLog.Batch(new RecordBatchOptions(), test.Clock.NowMs, ("k", "v")), epoch);
        }

        for (var pass = 0; pass < 2; pass++)
        {
            Assert.Equal(new EpochEndOffset(0, 2), test.Log.EndOffsetOfEpoch(0));
            Assert.Equal(new EpochEndOffset(0, 2), test.Log.EndOffsetOfEpoch(1));
            Assert.Equal(new EpochEndOffset(2, 4), test.Log.EndOffsetOfEpoch(4));
            Assert.Equal(new EpochEndOffset(5, 5), test.Log.EndOffsetOfEpoch(5));
            Assert.Equal(new EpochEndOffset(-1, -1), test.Log.EndOffsetOfEpoch(6));
            await test.ReopenAsync();
        }
    }

    [Fact]
    public async Task A_read_and_an_append_allocate_nothing_at_steady_state()
    {
        var root = Directory.CreateTempSubdirectory("streamflow-").FullName;
        try
        {
            await using var test = new TestLog(files: SystemFileSystem.Instance, root: root);
            var batch = TestLog.Batch(new RecordBatchOptions(), test.Clock.NowMs, ("k", new string('v', 900)));
            var buffer = new byte[1 << 16];
            Work(test.Log, batch, buffer, 3000);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Work(test.Log, batch, buffer, 1000);
            var perRound = (GC.GetAllocatedBytesForCurrentThread() - before) / 1000.0;

            // The index of the active segment takes 20 bytes for every 4096 of log, in arrays that double.
            Assert.True(perRound < 64, $"{perRound} bytes a round");
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static void Work(PartitionLog log, byte[] batch, byte[] buffer, int rounds)
    {
        for (var i = 0; i < rounds; i++)
        {
            batch.AsSpan(0, sizeof(long)).Clear();
            if (log.Append(batch, 0).Error != ErrorCode.None)
            {
                throw new InvalidOperationException("refused");
            }

            log.Read(log.LogEndOffset - 3 > 0 ? log.LogEndOffset - 3 : 0, buffer.Length).CopyTo(buffer);
        }
    }

    private static TestLog Filled()
    {
        var test = new TestLog(new LogConfig { SegmentBytes = 3000, IndexIntervalBytes = 150, FileDeleteDelayMs = 0 });
        for (var i = 0; i < 200; i++)
        {
            test.Clock.Advance(TimeSpan.FromMilliseconds(3));
            test.Append($"value-{i}");
        }

        return test;
    }
}
