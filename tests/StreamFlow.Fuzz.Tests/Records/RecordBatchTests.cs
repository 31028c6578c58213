using StreamFlow.Core.Buffers;
using StreamFlow.Core.Compression;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using Xunit.Abstractions;

namespace StreamFlow.Fuzz.Tests.Records;

/// <summary>
/// Damaged record batches, with the checksum they came with or one that agrees with the damage: they are read or refused, within the memory
/// that the reader allows.
/// </summary>
[Trait("Category", "Fuzz")]
public sealed class RecordBatchTests(ITestOutputHelper output)
{
    private const int LargestRecords = 1 << 20;
    private const long MostAllocated = 8L * LargestRecords;
    private static readonly CompressionType[] Codecs = Enum.GetValues<CompressionType>();

    [Fact]
    public void Any_batch_is_read_or_refused()
    {
        var run = new FuzzRun(output);
        byte[] before = [];
        var (read, refused) = (0, 0);
        for (var input = 0; input < run.Inputs; input++)
        {
            var random = run.RandomOf(input);
            var bytes = Mutator.Mutate(random, Batch(random), before);
            before = bytes;
            if (random.Next(2) == 0)
            {
                MendChecksum(bytes);
            }

            try
            {
                var allocated = GC.GetAllocatedBytesForCurrentThread();
                _ = IsRead(bytes) ? read++ : refused++;
                allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
                Assert.True(allocated <= MostAllocated, $"{bytes.Length} bytes allocated {allocated}");
            }
            catch (Exception e)
            {
                throw run.Failure(input, e.Message, bytes, e);
            }
        }

        output.WriteLine($"{read} read, {refused} refused");
        Assert.True(read > 0 && refused > 0);
    }

    private static bool IsRead(byte[] bytes)
    {
        try
        {
            if (!RecordBatchView.TryRead(bytes, out var batch) || !batch.IsCrcValid())
            {
                return false;
            }

            using var plain = new PooledBufferWriter();
            Compressor.Decompress(batch.Compression, batch.RecordBytes, plain, LargestRecords);
            var cursor = new RecordCursor(batch);
            while (cursor.TryRead(plain.WrittenSpan, out var record))
            {
                foreach (var header in record.ReadHeaders())
                {
                    Assert.NotNull(header.Key);
                }
            }

            return true;
        }
        catch (StreamFlowException)
        {
            return false;
        }
    }

    private static void MendChecksum(byte[] bytes)
    {
        if (bytes.Length > RecordBatch.AttributesPosition)
        {
            var crc = Crc32C.Compute(bytes.AsSpan(RecordBatch.AttributesPosition));
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(RecordBatch.CrcPosition), crc);
        }
    }

    private static byte[] Batch(Random random)
    {
        using var builder = new RecordBatchBuilder();
        var value = new byte[random.Next(200)];
        for (var records = 1 + random.Next(4); records > 0; records--)
        {
            var headers = random.Next(3) == 0 ? new Headers([new Header("h", [1, 2])]) : Headers.Empty;
            builder.Append(random.Next(), random.Next(4) > 0, "key"u8, random.Next(4) > 0, value, headers);
        }

        return builder.Finish(new RecordBatchOptions { Compression = Codecs[random.Next(Codecs.Length)] }).ToArray();
    }
}
