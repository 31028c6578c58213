using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.Formats;
using StreamFlow.Sql.Testing.Encoding;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Testing.Running;

/// <summary>The codecs of a topic, as the source registered on it says.</summary>
internal static class TopicCodecs
{
    public static ISideCodec Key(DataSource source, ISchemaRegistry registry) =>
        Create(source.KeyFormat, source.Topic + "-key", [.. source.KeyColumns], isKey: true, registry);

    public static ISideCodec Value(DataSource source, ISchemaRegistry registry) =>
        Create(source.ValueFormat, source.Topic + "-value", [.. source.ValueColumns], isKey: false, registry);

    private static ISideCodec Create(
        FormatSpec format, string subject, IReadOnlyList<SourceColumn> columns, bool isKey, ISchemaRegistry registry)
    {
        var row = SqlType.Struct(columns.Select(c => new SqlField(c.Name, c.Type)));
        var bare = columns.Count == 1 && (format.Unwrapped || (isKey && format.Name is not ("PROTOBUF" or "PROTOBUF_NOSR")));
        return format.Name switch
        {
            "NONE" => new NoneCodec(),
            "KAFKA" => new KafkaCodec(columns.Count == 1 ? columns[0].Type : null),
            "DELIMITED" => new DelimitedCodec(),
            "JSON" => new JsonCodec(bare ? columns[0].Type : row),
            _ => SchemaCodecs.Create(format, subject, row, bare, registry),
        };
    }
}
