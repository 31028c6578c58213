using StreamFlow.Sql.Formats;
using StreamFlow.Sql.Formats.Protobuf;
using StreamFlow.Sql.Rows;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Testing.Encoding;

/// <summary>The codecs of formats whose bytes follow a schema.</summary>
internal static class SchemaCodecs
{
    /// <param name="format">The format.</param>
    /// <param name="subject">Where the registry has the schema.</param>
    /// <param name="row">The columns.</param>
    /// <param name="bare">Whether the only column is written bare.</param>
    /// <param name="registry">The registry.</param>
    public static ISideCodec Create(FormatSpec format, string subject, SqlStructType row, bool bare, ISchemaRegistry registry) =>
        format.Name switch
    {
        "AVRO" => new AvroCodec(registry, subject),
        "JSON_SR" => new JsonSchemaCodec(registry, subject, bare ? row.Fields[0].Type : row),
        "PROTOBUF" => new ProtoCodec(registry, subject, format, null),
        _ => new ProtoCodec(registry, subject, format, ProtoSchemas.Pick(
            new SchemaText(SchemaKind.Protobuf, ProtoSchemas.Generate(new RowSchema(row.Fields), format)), format)),
    };
}
