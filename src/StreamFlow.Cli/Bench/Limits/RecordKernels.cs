using System.Text.Json;
using StreamFlow.Cli.Bench.Nexmark;
using StreamFlow.Core.Buffers;
using StreamFlow.Core.Compression;
using StreamFlow.Core.Records;

namespace StreamFlow.Cli.Bench.Limits;

/// <summary>Record batches, JSON and compression.</summary>
internal static class RecordKernels
{
    private const int Records = 1000;
    private const int Rounds = 200;

    private static long _sink;

    public static IEnumerable<LimitKernel> All()
    {
        foreach (var size in new[] { 100, 1000 })
        {
            var builder = new RecordBatchBuilder(Records * (size + 32));
            var value = new byte[size];
            yield return new($"batch.encode.{size}B", "ns/record", Records * Rounds, () =>
            {
                for (var round = 0; round < Rounds; round++)
                {
                    Fill(builder, value);
                    _sink += builder.Finish(new RecordBatchOptions()).Length;
                }
            });
            Fill(builder, value);
            var batch = builder.Finish(new RecordBatchOptions()).ToArray();
            yield return new($"batch.decode.{size}B", "ns/record", Records * Rounds, () =>
            {
                for (var round = 0; round < Rounds; round++)
                {
                    Walk(batch);
                }
            }) { Cleanup = builder.Dispose };
        }

        var bids = Bids(Records);
        yield return new("json.tokens", "ns/record", Records, () =>
        {
            foreach (var bid in bids)
            {
                var reader = new Utf8JsonReader(bid);
                while (reader.Read())
                {
                    _sink++;
                }
            }
        });
        foreach (var kernel in Compression(bids.SelectMany(b => b).ToArray()))
        {
            yield return kernel;
        }
    }

    private static IEnumerable<LimitKernel> Compression(byte[] plain)
    {
        var output = new PooledBufferWriter(plain.Length);
        foreach (var type in new[] { CompressionType.Gzip, CompressionType.Snappy, CompressionType.Lz4, CompressionType.Zstd })
        {
            yield return new($"compress.{type}", "GB/s", plain.Length, () =>
            {
                output.Clear();
                Compressor.Compress(type, null, plain, output);
            });
        }
    }

    private static void Fill(RecordBatchBuilder builder, byte[] value)
    {
        builder.Reset();
        for (var i = 0; i < Records; i++)
        {
            builder.Append(1_700_000_000_000 + i, false, default, true, value, Headers.Empty);
        }
    }

    private static void Walk(byte[] bytes)
    {
        RecordBatchView.TryRead(bytes, out var batch);
        var cursor = new RecordCursor(batch);
        while (cursor.TryRead(batch.RecordBytes, out var record))
        {
            _sink += record.Value.Length;
        }
    }

    private static byte[][] Bids(int count)
    {
        var generator = new NexmarkGenerator(1, 100_000);
        using var json = new PooledBufferWriter();
        var bids = new byte[count][];
        for (int i = 0, e = 4; i < count; e++)
        {
            if (NexmarkGenerator.KindOf(e) == NexmarkKind.Bid)
            {
                json.Clear();
                generator.WriteJson(e, json);
                bids[i++] = json.WrittenSpan.ToArray();
            }
        }

        return bids;
    }
}
