using System.Globalization;
using StreamFlow.Core.Errors;
using StreamFlow.Core.IO;
using StreamFlow.Core.Records;
using StreamFlow.Storage.Inspection;

namespace StreamFlow.Storage.Tests.Inspection;

/// <summary>Kafka's own dump tool reads what is written here, and what Kafka writes is read here.</summary>
public sealed class KafkaFormatTests
{
    [KafkaFact]
    public async Task Kafkas_dump_tool_accepts_every_file()
    {
        var root = Directory.CreateTempSubdirectory("streamflow-").FullName;
        try
        {
            var expected = await WriteAsync(root);
            var directory = Path.Combine(root, TestLog.Partition.ToString());
            var offsets = new List<long>();
            foreach (var log in Directory.GetFiles(directory, "*.log").Order(StringComparer.Ordinal))
            {
                var dump = await KafkaKit.RunAsync("tool", "dump-log", "--files", log, "--print-data-log");
                Assert.DoesNotContain("isvalid: false", dump, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain("Found", dump, StringComparison.Ordinal);
                offsets.AddRange(RecordOffsets(dump));
            }

            Assert.Equal(Enumerable.Range(0, expected).Select(i => (long)i), offsets);
            await CheckIndexesAsync(directory);
            Assert.Null(new LogInspector(SystemFileSystem.Instance).FindFault(root));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [KafkaFact]
    public async Task Kafkas_dump_tool_accepts_compacted_segments()
    {
        var root = Directory.CreateTempSubdirectory("streamflow-").FullName;
        try
        {
            var config = new LogConfig { IsCompacted = true, SegmentBytes = 4000, IndexIntervalBytes = 200, FileDeleteDelayMs = 0 };
            var test = new TestLog(config, SystemFileSystem.Instance, root);
            test.Log.Append(TestLog.Batch(new RecordBatchOptions(), test.Clock.NowMs, ("removed", "v"), ("removed", null)), 0);
            new Cleaning.CompactionModel().Write(test, new Random(4));
            test.Log.RollSegment();
            test.Clock.Advance(TimeSpan.FromSeconds(20));
            test.Manager.RunMaintenance(test.Clock.Now);
            await test.Manager.DisposeAsync();

            var log = Path.Combine(root, TestLog.Partition.ToString(), "00000000000000000000.log");
            var dump = await KafkaKit.RunAsync("tool", "dump-log", "--files", log, "--print-data-log");
            Assert.DoesNotContain("isvalid: false", dump, StringComparison.OrdinalIgnoreCase);
            var ours = new LogInspector(SystemFileSystem.Instance).Inspect(log, withRecords: false).OfType<InspectedBatch>();
            Assert.Contains(ours, b => b.RecordCount == 0);
            var horizon = ours.First(b => b.BaseOffset == 0).DeleteHorizon;
            Assert.Equal(test.Clock.NowMs + config.DeleteRetentionMs, horizon);
            Assert.Contains($"deleteHorizonMs: OptionalLong[{horizon}]", dump, StringComparison.Ordinal);
            Assert.True(RecordOffsets(dump).Count() > 5);
            var index = await KafkaKit.RunAsync("tool", "dump-log", "--files", Path.ChangeExtension(log, ".index"));
            Assert.DoesNotContain("Mismatches", index, StringComparison.OrdinalIgnoreCase);
            Assert.Null(new LogInspector(SystemFileSystem.Instance).FindFault(root));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [KafkaFact]
    public async Task A_directory_that_kafka_wrote_is_read()
    {
        var root = Directory.CreateTempSubdirectory("streamflow-kafka-").FullName;
        try
        {
            var bootstrap = (await KafkaKit.RunAsync("start", root, "--port", "0")).Trim();
            try
            {
                await KafkaKit.RunAsync("tool", "topics", "--bootstrap-server", bootstrap, "--create", "--topic", "orders", "--partitions", "1", "--config", "index.interval.bytes=200");
                foreach (var codec in new[] { "none", "gzip", "snappy", "lz4", "zstd" })
                {
                    await KafkaKit.RunAsync(
                        "tool", "producer-perf", "--topic", "orders", "--num-records", "200", "--record-size", "50", "--throughput", "-1",
                        "--bootstrap-server", bootstrap, "--command-property", $"compression.type={codec}");
                }
            }
            finally
            {
                await KafkaKit.RunAsync("stop", root);
            }

            var log = Directory.GetFiles(root, "00000000000000000000.log", SearchOption.AllDirectories)
                .Single(f => Path.GetFileName(Path.GetDirectoryName(f)) == "orders-0");
            var found = new LogInspector(SystemFileSystem.Instance).Inspect(Path.GetDirectoryName(log)!, withRecords: true).ToList();
            Assert.DoesNotContain(found, f => f is InspectedFault);
            Assert.Equal(1000, found.OfType<InspectedBatch>().Sum(b => b.Records.Count));
            Assert.Equal(5, found.OfType<InspectedBatch>().Select(b => b.Compression).Distinct().Count());

            var copy = Path.Combine(root, "copy");
            Directory.CreateDirectory(Path.Combine(copy, "orders-0"));
            foreach (var file in Directory.GetFiles(Path.GetDirectoryName(log)!))
            {
                File.Copy(file, Path.Combine(copy, "orders-0", Path.GetFileName(file)));
            }

            await using var test = new TestLog(files: SystemFileSystem.Instance, root: copy);
            Assert.Empty(test.Log.Damages);
            Assert.Equal(1000, test.Log.LogEndOffset);
            Assert.Equal(1000, test.ReadAll(maxBytes: 1000).Count);
            Assert.Equal(1000, test.Append("ours").BaseOffset);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task<int> WriteAsync(string root)
    {
        var config = new LogConfig { SegmentBytes = 20_000, IndexIntervalBytes = 300 };
        var test = new TestLog(config, SystemFileSystem.Instance, root);
        var sequence = 0;
        for (var i = 0; i < 300; i++)
        {
            var options = new RecordBatchOptions
            {
                Compression = (CompressionType)(i % 5),
                ProducerId = i % 3 == 0 ? 4 : -1,
                ProducerEpoch = (short)(i % 3 == 0 ? 0 : -1),
                BaseSequence = i % 3 == 0 ? sequence++ : -1,
            };
            test.Clock.Advance(TimeSpan.FromMilliseconds(i % 7));
            Assert.Equal(ErrorCode.None, test.Append(options, $"value-{i}-{new string('x', i % 90)}").Error);
        }

        test.Append(new RecordBatchOptions { ProducerId = 5, ProducerEpoch = 0, BaseSequence = 0, IsTransactional = true }, "in a transaction");
        Assert.Equal(ErrorCode.None, test.Log.AppendMarker(5, 0, ControlRecordType.Abort, 0, 0).Error);
        var count = (int)test.Log.LogEndOffset;
        await test.Manager.DisposeAsync();
        return count;
    }

    private static async Task CheckIndexesAsync(string directory)
    {
        foreach (var index in Directory.GetFiles(directory, "*.index").Concat(Directory.GetFiles(directory, "*.timeindex")))
        {
            var dump = await KafkaKit.RunAsync("tool", "dump-log", "--files", index);
            Assert.DoesNotContain("Mismatches", dump, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("not found", dump, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("out of order", dump, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("Found", dump, StringComparison.Ordinal);
        }

        var snapshot = Directory.GetFiles(directory, "*.snapshot").Order(StringComparer.Ordinal).Last();
        var producers = await KafkaKit.RunAsync("tool", "dump-log", "--files", snapshot);
        Assert.Contains("producerId: 4 producerEpoch: 0", producers, StringComparison.Ordinal);
        Assert.Contains("producerId: 5 producerEpoch: 0", producers, StringComparison.Ordinal);
        var aborted = Directory.GetFiles(directory, "*.txnindex").Single();
        Assert.Contains("producerId: 5", await KafkaKit.RunAsync("tool", "dump-log", "--files", aborted), StringComparison.Ordinal);
    }

    private static IEnumerable<long> RecordOffsets(string dump) =>
        from line in dump.Split('\n')
        where line.StartsWith("| offset: ", StringComparison.Ordinal)
        select long.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture);
}
