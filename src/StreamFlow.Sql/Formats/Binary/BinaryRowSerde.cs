using System.Buffers;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Serialization;
using StreamFlow.Sql.Rows;

namespace StreamFlow.Sql.Formats.Binary;

/// <summary>
/// Rows as the columns' values one after the other; see <see cref="BinaryColumnWriter"/> for a value's bytes. Nothing names the
/// columns, so it suits bytes that only the same row type reads: state stores and their changelogs.
/// </summary>
internal sealed class BinaryRowSerde<TRow> : Serde<TRow>
    where TRow : struct, IRow<TRow>
{
    public override void Serialize(TRow value, IBufferWriter<byte> output, in SerdeContext context)
    {
        var writer = new BinaryColumnWriter(output);
        for (var i = 0; i < TRow.Schema.Count; i++)
        {
            value.WriteColumn(i, ref writer);
        }
    }

    public override TRow Deserialize(ReadOnlySpan<byte> data, in SerdeContext context)
    {
        var reader = new BinaryColumnReader(data);
        var row = reader.ReadRow<TRow>();
        return reader.AtEnd
            ? row
            : throw new SerializationException($"The {context.Target} of a record of {context.Topic} is longer than its row type.");
    }
}
