using System.Buffers;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Serialization;
using StreamFlow.Sql.Rows;

namespace StreamFlow.Sql.Formats.Kafka;

/// <summary>The format KAFKA: the only column as Kafka's own primitive serdes write it. A wrong length is an error.</summary>
internal sealed class KafkaSerde<TRow> : Serde<TRow>
    where TRow : struct, IRow<TRow>
{
    public KafkaSerde()
    {
        if (TRow.Schema.Count != 1)
        {
            throw new ConfigurationException($"The KAFKA format holds one column, not {TRow.Schema.Count}.");
        }
    }

    public override void Serialize(TRow value, IBufferWriter<byte> output, in SerdeContext context)
    {
        var writer = new KafkaColumnWriter(output);
        value.WriteColumn(0, ref writer);
    }

    public override TRow Deserialize(ReadOnlySpan<byte> data, in SerdeContext context)
    {
        var row = default(TRow);
        var reader = new KafkaColumnReader(data);
        TRow.ReadColumn(ref row, 0, ref reader);
        return row;
    }
}
