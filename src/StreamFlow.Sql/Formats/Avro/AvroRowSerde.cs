using System.Buffers;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Serialization;
using StreamFlow.Sql.Formats.Registry;
using StreamFlow.Sql.Rows;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Formats.Avro;

/// <summary>Rows as Avro behind the registry's prefix: a zero byte, the 4-byte schema id, the record.</summary>
internal sealed class AvroRowSerde<TRow>(FormatSpec spec, ISchemaRegistry registry) : Serde<TRow>
    where TRow : struct, IRow<TRow>
{
    private readonly RegisteredSchemas<AvroSchema> _schemas = new(registry, AvroSchemaParser.Parse);

    public override void Serialize(TRow value, IBufferWriter<byte> output, in SerdeContext context)
    {
        var (id, schema) = _schemas.ForWriting<TRow>(spec, context);
        RegistryPrefix.Write(output, id);
        var avro = new AvroOutput(output);
        var record = schema.NotNull;
        if (spec.Unwrapped)
        {
            var writer = new AvroColumnWriter(avro, schema);
            value.WriteColumn(0, ref writer);
        }
        else if (record.Kind == AvroKind.Record)
        {
            AvroColumnWriter.WriteRow(avro, record, value);
        }
        else
        {
            throw new SerializationException($"The Avro schema {id} of {context.Topic} is no record, so columns cannot be written by it.");
        }
    }

    public override TRow Deserialize(ReadOnlySpan<byte> data, in SerdeContext context)
    {
        var id = RegistryPrefix.Read(data, context);
        var schema = _schemas.ById(id);
        try
        {
            var reader = new AvroColumnReader(data[RegistryPrefix.Size..], schema);
            if (!spec.Unwrapped)
            {
                return reader.ReadStruct<TRow>() ?? default;
            }

            var row = default(TRow);
            TRow.ReadColumn(ref row, 0, ref reader);
            return row;
        }
        catch (SqlEvaluationException e)
        {
            throw new SerializationException(
                $"The {context.Target} of a record of {context.Topic} does not fit its columns: {e.Message}", e);
        }
    }
}
