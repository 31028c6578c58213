using System.Buffers;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Serialization;
using StreamFlow.Sql.Formats.Registry;
using StreamFlow.Sql.Rows;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Formats.Protobuf;

/// <summary>
/// Rows as Protobuf messages. With a registry: a zero byte, the 4-byte schema id, the message's index, the message. Without
/// (PROTOBUF_NOSR): the bare message, its definition made from the columns.
/// </summary>
internal sealed class ProtoRowSerde<TRow> : Serde<TRow>
    where TRow : struct, IRow<TRow>
{
    private readonly FormatSpec _spec;
    private readonly RegisteredSchemas<ProtoMessage>? _schemas;
    private readonly ProtoMessage? _message;

    public ProtoRowSerde(FormatSpec spec, ISchemaRegistry? registry)
    {
        _spec = spec;
        if (registry is not null)
        {
            _schemas = new RegisteredSchemas<ProtoMessage>(registry, schema => ProtoSchemas.Pick(schema, spec));
        }
        else
        {
            _message = ProtoSchemas.Pick(new SchemaText(SchemaKind.Protobuf, ProtoSchemas.Generate(TRow.Schema, spec)), spec);
        }
    }

    public override void Serialize(TRow value, IBufferWriter<byte> output, in SerdeContext context)
    {
        var message = _message;
        if (_schemas is not null)
        {
            (var id, message) = _schemas.ForWriting<TRow>(_spec, context);
            RegistryPrefix.Write(output, id);
            ProtoIndexes.Write(output, message.Index);
        }

        ProtoColumnWriter.WriteRow(output, message!, value);
    }

    public override TRow Deserialize(ReadOnlySpan<byte> data, in SerdeContext context)
    {
        try
        {
            var message = _message;
            if (_schemas is not null)
            {
                message = _schemas.ById(RegistryPrefix.Read(data, context));
                data = data[RegistryPrefix.Size..];
                data = data[ProtoIndexes.Length(data)..];
            }

            return new ProtoColumnReader(data).ReadRow<TRow>(message!);
        }
        catch (SqlEvaluationException e)
        {
            throw new SerializationException(
                $"The {context.Target} of a record of {context.Topic} does not fit its columns: {e.Message}", e);
        }
    }
}
