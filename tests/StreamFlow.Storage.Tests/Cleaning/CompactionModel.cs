using System.Text;
using StreamFlow.Core.Buffers;
using StreamFlow.Core.Compression;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;

namespace StreamFlow.Storage.Tests.Cleaning;

/// <summary>What a compacted log means: of each key the last committed record.</summary>
internal sealed class CompactionModel
{
    private readonly Dictionary<string, (long Offset, string? Value)> _latest = [];

    /// <summary>Appends random records with all codecs, some of them in transactions of which some are aborted.</summary>
    public void Write(TestLog test, Random random)
    {
        for (var i = random.Next(5, 60); i > 0; i--)
        {
            var records = new (string? Key, string? Value)[random.Next(1, 6)];
            for (var r = 0; r < records.Length; r++)
            {
                records[r] = ($"k{random.Next(20)}", random.Next(5) == 0 ? null : $"v{random.Next(1000)}");
            }

            var options = new RecordBatchOptions { Compression = (CompressionType)random.Next(5) };
            var isTransaction = random.Next(4) == 0;
            if (isTransaction)
            {
                options = options with { ProducerId = 100 + test.Log.LogEndOffset, ProducerEpoch = 0, BaseSequence = 0, IsTransactional = true };
            }

            var result = test.Log.Append(TestLog.Batch(options, test.Clock.NowMs, records), 0);
            Assert.Equal(ErrorCode.None, result.Error);
            var isAborted = isTransaction && random.Next(2) == 0;
            if (isTransaction)
            {
                test.Log.AppendMarker(options.ProducerId, 0, isAborted ? ControlRecordType.Abort : ControlRecordType.Commit, 0, 0);
            }

            for (var r = 0; r < records.Length && !isAborted; r++)
            {
                _latest[records[r].Key!] = (result.BaseOffset + r, records[r].Value);
            }
        }
    }

    /// <summary>A read_committed reader finds each key once, with the model's record; a tombstone may be there still or be gone.</summary>
    public void Check(TestLog test, string context)
    {
        var found = ReadCommitted(test);
        Assert.True(found.Select(f => f.Key).Distinct().Count() == found.Count, $"{context}: a key is there twice");
        foreach (var (offset, key, value) in found)
        {
            Assert.True(_latest[key] == (offset, value), $"{context}: {key} is {offset}={value}, {_latest[key]} was expected");
        }

        var missing = _latest.Where(l => l.Value.Value is not null && found.TrueForAll(f => f.Key != l.Key)).Select(l => l.Key);
        Assert.True(!missing.Any(), $"{context}: {string.Join(' ', missing)} are missing");
    }

    private static List<(long Offset, string Key, string? Value)> ReadCommitted(TestLog test)
    {
        var found = new List<(long, string, string?)>();
        var offset = test.Log.LogStartOffset;
        while (true)
        {
            var result = test.Log.Read(offset, 1 << 20, ReadIsolation.Committed);
            if (result.IsEmpty)
            {
                return found;
            }

            var bytes = new byte[result.Length];
            result.CopyTo(bytes);
            for (var rest = bytes.AsSpan(); !rest.IsEmpty;)
            {
                Assert.True(RecordBatchView.TryRead(rest, out var batch));
                var producer = batch.ProducerId;
                if (!batch.IsControl && !(batch.IsTransactional && result.AbortedTransactions!.Any(a => a.ProducerId == producer)))
                {
                    Collect(batch, found);
                }

                offset = batch.LastOffset + 1;
                rest = rest[batch.SizeInBytes..];
            }
        }
    }

    private static void Collect(in RecordBatchView batch, List<(long, string, string?)> found)
    {
        if (batch.RecordCount == 0)
        {
            return;
        }

        using var plain = new PooledBufferWriter();
        Compressor.Decompress(batch.Compression, batch.RecordBytes, plain, 1 << 24);
        var cursor = new RecordCursor(batch);
        while (cursor.TryRead(plain.WrittenSpan, out var record))
        {
            found.Add((record.Offset, Encoding.UTF8.GetString(record.Key), record.HasValue ? Encoding.UTF8.GetString(record.Value) : null));
        }
    }
}
