using System.Buffers.Binary;
using StreamFlow.Core.Records;

namespace StreamFlow.Storage.Producers;

/// <summary>The content of a control batch that ends a transaction.</summary>
/// <param name="Type">Commit or abort.</param>
/// <param name="CoordinatorEpoch">Epoch of the coordinator that wrote it.</param>
internal readonly record struct TransactionMarker(ControlRecordType Type, int CoordinatorEpoch)
{
    /// <summary>Reads the marker of a control batch.</summary>
    /// <returns>False for control records of other kinds, which only metadata logs have.</returns>
    public static bool TryRead(ReadOnlySpan<byte> batchBytes, out TransactionMarker marker)
    {
        marker = default;
        if (!RecordBatchView.TryRead(batchBytes, out var batch))
        {
            return false;
        }

        var cursor = new RecordCursor(batch);
        if (!cursor.TryRead(batch.RecordBytes, out var record) || record.Key.Length < 4 || record.Value.Length < 6)
        {
            return false;
        }

        var type = (ControlRecordType)BinaryPrimitives.ReadInt16BigEndian(record.Key[2..]);
        marker = new TransactionMarker(type, BinaryPrimitives.ReadInt32BigEndian(record.Value[2..]));
        return type is ControlRecordType.Commit or ControlRecordType.Abort;
    }
}
