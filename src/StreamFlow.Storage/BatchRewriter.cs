using System.Buffers.Binary;
using StreamFlow.Core.Buffers;
using StreamFlow.Core.Compression;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;

namespace StreamFlow.Storage;

/// <summary>Stores a batch with another codec than its producer used (<c>compression.type</c>).</summary>
internal static class BatchRewriter
{
    /// <summary>Writes the batch with the codec; header fields other than length, codec and checksum stay.</summary>
    /// <exception cref="CorruptRecordException">The batch cannot be decompressed.</exception>
    public static void Recompress(ReadOnlySpan<byte> bytes, CompressionType codec, int? level, PooledBufferWriter output)
    {
        _ = RecordBatchView.TryRead(bytes, out var batch);
        using var plain = new PooledBufferWriter(bytes.Length * 4);
        Compressor.Decompress(batch.Compression, batch.RecordBytes, plain, DecompressionLimit.Of(bytes.Length));
        output.Write(bytes[..RecordBatch.HeaderSize]);
        Compressor.Compress(codec, level, plain.WrittenSpan, output);
        var rewritten = output.WrittenSpanForPatch;
        var attributes = (short)((batch.Attributes & ~RecordBatch.CompressionMask) | (int)codec);
        BinaryPrimitives.WriteInt32BigEndian(rewritten[RecordBatch.LengthPosition..], rewritten.Length - RecordBatch.LogOverhead);
        BinaryPrimitives.WriteInt16BigEndian(rewritten[RecordBatch.AttributesPosition..], attributes);
        BinaryPrimitives.WriteUInt32BigEndian(
            rewritten[RecordBatch.CrcPosition..], Crc32C.Compute(rewritten[RecordBatch.AttributesPosition..]));
    }
}
