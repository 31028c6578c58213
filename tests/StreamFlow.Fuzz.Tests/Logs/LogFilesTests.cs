using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using StreamFlow.Core.Compression;
using StreamFlow.Core.Errors;
using StreamFlow.Core.IO;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;
using StreamFlow.Storage;
using Xunit.Abstractions;

namespace StreamFlow.Fuzz.Tests.Logs;

/// <summary>
/// A data directory of which one file is damaged: it opens, or says what is wrong; what is read is what was written, in order; and the log
/// takes new records or says why not.
/// </summary>
[Trait("Category", "Fuzz")]
public sealed class LogFilesTests(ITestOutputHelper output)
{
    private const string Root = "/data";
    private const int Batches = 60;
    private const long MostAllocated = 256 << 20;
    private static readonly TopicPartition Partition = new("orders", 0);
    private static readonly Guid TopicId = new("01234567-89ab-cdef-0123-456789abcdef");
    private static readonly LogConfig Config = new() { SegmentBytes = 2048, IndexIntervalBytes = 128, SegmentIndexBytes = 1024, RetentionMs = -1 };
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Any_damage_of_one_file_is_survived()
    {
        // Opening a directory costs as much as some fifty of the other tests' inputs.
        var run = new FuzzRun(output, share: 0.02);
        var files = await WriteAsync();
        var names = files.Keys.Order(StringComparer.Ordinal).ToList();
        var counts = new Dictionary<string, int>();
        for (var input = 0; input < run.Inputs; input++)
        {
            var random = run.RandomOf(input);
            var name = names[random.Next(names.Count)];
            var damaged = Mutator.Mutate(random, files[name], files[names[random.Next(names.Count)]]);
            var isClean = random.Next(2) == 0;
            try
            {
                var outcome = await Task.Run(() => TryAsync(files, name, damaged, isClean)).WaitAsync(Patience);
                counts[outcome] = counts.GetValueOrDefault(outcome) + 1;
            }
            catch (Exception e)
            {
                throw run.Failure(input, $"{name}, {(isClean ? "clean" : "crashed")}: {e.Message}", damaged, e);
            }
        }

        output.WriteLine(string.Join(", ", counts.Select(c => $"{c.Value} {c.Key}")));
        Assert.True(counts.GetValueOrDefault("served") > 0);
    }

    private static async Task<string> TryAsync(Dictionary<string, byte[]> files, string name, byte[] damaged, bool isClean)
    {
        var disk = new InMemoryFileSystem();
        foreach (var (path, content) in files)
        {
            if (isClean || Path.GetFileName(path) != ".kafka_cleanshutdown")
            {
                disk.CreateDirectory(Path.GetDirectoryName(path)!);
                disk.WriteAtomically(path, path == name ? damaged : content);
            }
        }

        var allocated = GC.GetTotalAllocatedBytes();
        try
        {
            await using var manager = Open(disk);
            if (manager.Find(Partition) is not { } log)
            {
                return "refused";
            }

            CheckRecords(log, checkOffsets: !isClean);
            log.Append(Batch("new", CompressionType.None, RecordBatch.NoProducerId, 0), leaderEpoch: 5);
            return "served";
        }
        catch (StreamFlowException)
        {
            return "refused";
        }
        finally
        {
            allocated = GC.GetTotalAllocatedBytes() - allocated;
            Assert.True(allocated < MostAllocated, $"{allocated} bytes allocated");
        }
    }

    /// <summary>
    /// What is read was written, and in order. After a clean stop nothing is scanned, as in Kafka, so damage that leaves a batch's checksum
    /// valid (its offset is not covered) is not noticed.
    /// </summary>
    private static void CheckRecords(PartitionLog log, bool checkOffsets)
    {
        for (var offset = log.LogStartOffset; offset < log.LogEndOffset;)
        {
            var result = log.Read(offset, 1 << 16);
            if (result.Error != ErrorCode.None || result.IsEmpty)
            {
                return;
            }

            var bytes = new byte[result.Length];
            if (Next(bytes.AsSpan(0, result.CopyTo(bytes)), offset, checkOffsets) is not { } next || next <= offset)
            {
                return;
            }

            offset = next;
        }
    }

    private static long? Next(ReadOnlySpan<byte> bytes, long offset, bool checkOffsets)
    {
        while (RecordBatchView.TryRead(bytes, out var batch))
        {
            if (!batch.IsCrcValid())
            {
                // A client refuses it.
                return null;
            }

            Assert.True(!checkOffsets || batch.LastOffset >= offset, $"offset {batch.LastOffset} comes behind {offset}");
            if (!batch.IsControl && batch.Compression == CompressionType.None)
            {
                var cursor = new RecordCursor(batch);
                while (cursor.TryRead(batch.RecordBytes, out var record))
                {
                    Assert.StartsWith("value", Encoding.UTF8.GetString(record.Value), StringComparison.Ordinal);
                }
            }

            offset = batch.LastOffset + 1;
            bytes = bytes[batch.SizeInBytes..];
        }

        return offset;
    }

    /// <summary>The files of a directory with several segments, transactions among them.</summary>
    private static async Task<Dictionary<string, byte[]>> WriteAsync()
    {
        var disk = new InMemoryFileSystem();
        await using (var manager = Open(disk))
        {
            var log = manager.GetOrCreate(Partition, TopicId, Config);
            for (var i = 0; i < Batches; i++)
            {
                var producer = i % 4 == 0 ? 7 : RecordBatch.NoProducerId;
                log.Append(Batch($"value{i}", i % 3 == 0 ? CompressionType.Lz4 : CompressionType.None, producer, i / 4 * 3), leaderEpoch: i / 20);
                if (i % 4 == 3)
                {
                    log.AppendMarker(7, 0, i % 8 == 3 ? ControlRecordType.Abort : ControlRecordType.Commit, 0, i / 20);
                }
            }
        }

        var files = new Dictionary<string, byte[]>();
        Collect(disk, Root, files);
        return files;
    }

    private static void Collect(InMemoryFileSystem disk, string directory, Dictionary<string, byte[]> files)
    {
        foreach (var name in disk.ListFiles(directory))
        {
            files.Add(Path.Combine(directory, name), disk.ReadAllBytes(Path.Combine(directory, name)));
        }

        foreach (var name in disk.ListDirectories(directory))
        {
            Collect(disk, Path.Combine(directory, name), files);
        }
    }

    private static LogManager Open(InMemoryFileSystem disk) => LogManager.Open(
        new LogManagerOptions { Directory = Root, FlushInBackground = false }, _ => Config, disk, TimeProvider.System, NullLogger.Instance);

    private static byte[] Batch(string value, CompressionType compression, long producer, int sequence)
    {
        using var builder = new RecordBatchBuilder();
        for (var i = 0; i < 3; i++)
        {
            builder.Append(
                TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), true, "key"u8, true, Encoding.UTF8.GetBytes(value + new string('.', 20)),
                Headers.Empty);
        }

        var isTransactional = producer >= 0;
        return builder.Finish(new RecordBatchOptions
        {
            Compression = compression,
            IsTransactional = isTransactional,
            ProducerId = producer,
            ProducerEpoch = isTransactional ? (short)0 : RecordBatch.NoProducerEpoch,
            BaseSequence = isTransactional ? sequence : RecordBatch.NoSequence,
        }).ToArray();
    }
}
