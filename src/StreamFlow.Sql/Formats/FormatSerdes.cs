using StreamFlow.Core.Errors;
using StreamFlow.Core.Serialization;
using StreamFlow.Sql.Formats.Avro;
using StreamFlow.Sql.Formats.Binary;
using StreamFlow.Sql.Formats.Delimited;
using StreamFlow.Sql.Formats.Json;
using StreamFlow.Sql.Formats.JsonSchema;
using StreamFlow.Sql.Formats.Kafka;
using StreamFlow.Sql.Formats.Protobuf;
using StreamFlow.Sql.Rows;

namespace StreamFlow.Sql.Formats;

/// <summary>Makes the serdes of generated row types.</summary>
public static class FormatSerdes
{
    /// <summary>
    /// The serde of a row type in a format. A row whose only column is null is never given to an unwrapping serde: it is a null
    /// key or value then.
    /// </summary>
    /// <typeparam name="TRow">The generated row struct.</typeparam>
    /// <param name="spec">The format and its options.</param>
    /// <param name="target">Key or value; decides the registry subject.</param>
    /// <param name="registry">The schema registry; needed by formats that use one.</param>
    /// <exception cref="ConfigurationException">The format is unknown or cannot hold the row type.</exception>
    public static Serde<TRow> Create<TRow>(FormatSpec spec, SerdeTarget target, ISchemaRegistry? registry)
        where TRow : struct, IRow<TRow> => spec.Name switch
        {
            "NONE" => new NoneSerde<TRow>(),
            "KAFKA" when TRow.Schema.Count == 0 => new NoneSerde<TRow>(),
            "KAFKA" => new KafkaSerde<TRow>(),
            "JSON" => new JsonRowSerde<TRow>(spec.Unwrapped),
            "DELIMITED" => new DelimitedSerde<TRow>(spec.Delimiter ?? ','),
            "PROTOBUF" => new ProtoRowSerde<TRow>(spec, Needed(registry, spec)),
            "PROTOBUF_NOSR" => new ProtoRowSerde<TRow>(spec, null),
            "JSON_SR" => new JsonSchemaRowSerde<TRow>(spec, Needed(registry, spec)),
            "AVRO" => new AvroRowSerde<TRow>(spec, Needed(registry, spec)),
            _ =>
                throw new ConfigurationException(
                    $"Format {spec.Name} is unknown. Known formats: {string.Join(", ", FormatTraits.All.Select(f => f.Name))}."),
        };

    private static ISchemaRegistry Needed(ISchemaRegistry? registry, FormatSpec spec) => registry
        ?? throw new ConfigurationException($"Format {spec.Name} needs a schema registry, and none is configured.");

    /// <summary>
    /// A compact binary serde for state stores and their changelogs: holds every type, keeps every null, and is nobody else's format.
    /// </summary>
    /// <typeparam name="TRow">The generated row struct.</typeparam>
    public static Serde<TRow> CreateState<TRow>()
        where TRow : struct, IRow<TRow> => new BinaryRowSerde<TRow>();
}
