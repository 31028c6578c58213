using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using StreamFlow.Sql.Formats;
using StreamFlow.Sql.Formats.Protobuf;
using StreamFlow.Sql.Formats.Registry;
using StreamFlow.Sql.Testing.Running;
using StreamFlow.Sql.Testing.Values;

namespace StreamFlow.Sql.Testing.Encoding;

/// <summary>PROTOBUF by the subject's latest schema, and PROTOBUF_NOSR by a definition made from the columns.</summary>
internal sealed class ProtoCodec(ISchemaRegistry registry, string subject, FormatSpec format, ProtoMessage? bare) : ISideCodec
{
    public byte[] Encode(JsonElement value)
    {
        var output = new ArrayBufferWriter<byte>();
        var message = bare;
        if (message is null)
        {
            var registered = registry.Latest(subject) ?? throw new CaseFailedException($"no schema is registered for {subject}");
            message = ProtoSchemas.Pick(registered.Schema, format);
            RegistryPrefix.Write(output, registered.Id);
            ProtoIndexes.Write(output, message.Index);
        }

        ProtoJsonWriter.Message(output, message, value);
        return output.WrittenSpan.ToArray();
    }

    public ActualValue Decode(byte[] bytes)
    {
        var message = bare;
        var body = bytes.AsSpan();
        if (message is null)
        {
            var id = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(1));
            var registered = registry.ById(id) ?? throw new CaseFailedException($"schema {id} is not registered");
            message = ProtoSchemas.Pick(registered.Schema, format);
            body = body[RegistryPrefix.Size..];
            body = body[ProtoIndexes.Length(body)..];
        }

        return ProtoValueReader.Message(message, body);
    }
}
