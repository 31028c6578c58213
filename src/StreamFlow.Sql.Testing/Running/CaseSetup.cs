using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Formats;
using StreamFlow.Sql.Formats.Registry;
using StreamFlow.Sql.Parsing;
using StreamFlow.Sql.Rows;
using StreamFlow.Sql.Testing.Cases;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Testing.Running;

/// <summary>Makes the topics and schemas that exist before the first statement (FORMAT.md, section 4).</summary>
internal sealed class CaseSetup(TestRuntime runtime, InMemorySchemaRegistry registry)
{
    private const int DefaultPartitions = 4;
    private readonly SqlCatalog _types = new();
    private int _nextReferenceId = 1_000_000;

    public void Run(SqlCase test)
    {
        foreach (var topic in test.Topics)
        {
            runtime.Ensure(topic.Name, topic.Partitions);
        }

        // Ids count from the generated schemas on: cases that name an id of a sink's schema expect those of their sources before it.
        foreach (var statement in test.Statements)
        {
            Declare(statement, test);
        }

        foreach (var topic in test.Topics)
        {
            Register(topic.Name + "-key", topic.Key);
            Register(topic.Name + "-value", topic.Value);
        }

        foreach (var record in test.Inputs.Concat(test.Outputs))
        {
            runtime.Ensure(record.Topic, DefaultPartitions);
        }
    }

    private void Register(string subject, CaseSchema? schema)
    {
        if (schema is null)
        {
            return;
        }

        var references = schema.References.ToDictionary(r => r.Name, r => Text(r.Format, r.Schema), StringComparer.Ordinal);
        foreach (var (name, text) in references)
        {
            // Ids of cases count the schemas of topics only.
            registry.RegisterWithId(name, text, _nextReferenceId++);
        }

        var own = Text(schema.Format, schema.Schema) with { References = references };
        if (schema.Id is { } id)
        {
            registry.RegisterWithId(subject, own, id);
        }
        else
        {
            registry.Register(subject, own);
        }
    }

    private static SchemaText Text(string format, System.Text.Json.JsonElement schema) => new(
        format switch
        {
            "PROTOBUF" => SchemaKind.Protobuf,
            "JSON" or "JSON_SR" => SchemaKind.Json,
            _ => SchemaKind.Avro,
        },
        format == "PROTOBUF" && schema.ValueKind == System.Text.Json.JsonValueKind.String ? schema.GetString()! : schema.GetRawText());

    private void Declare(string sql, SqlCase test)
    {
        try
        {
            foreach (var parsed in SqlParser.ParseScript(sql))
            {
                if (parsed.Statement is CreateType type)
                {
                    _types.AddType(type.Name, _types.Resolve(type.Type));
                }
                else if (parsed.Statement is CreateSource { Columns: null } inferred)
                {
                    Repartition(inferred);
                }
                else if (parsed.Statement is CreateSource { Columns: { Count: > 0 } columns } source)
                {
                    Declare(source, columns, test);
                }
            }
        }
        catch (SqlException)
        {
            // Whether the statement is right is for the engine to say; here it only names topics.
        }
    }

    // One partition is what a declared topic has when nobody says how many.
    private static bool IsUndecided(SqlCase test, string topic) => test.Topics.Any(t => t.Name == topic && t.Partitions == 1);

    // A statement that infers its columns says how many partitions the topic of its schema has.
    private void Repartition(CreateSource source)
    {
        var properties = source.Properties.ToDictionary(p => p.Name, p => Literal(p.Value), StringComparer.OrdinalIgnoreCase);
        if (properties.GetValueOrDefault("KAFKA_TOPIC") is { } topic && int.TryParse(properties.GetValueOrDefault("PARTITIONS"), out var n))
        {
            runtime.Replace(topic, n);
        }
    }

    private void Declare(CreateSource source, AstList<ColumnDefinition> columns, SqlCase test)
    {
        var properties = source.Properties.ToDictionary(p => p.Name, p => Literal(p.Value), StringComparer.OrdinalIgnoreCase);
        if (properties.GetValueOrDefault("KAFKA_TOPIC") is not { } topic)
        {
            return;
        }

        if (int.TryParse(properties.GetValueOrDefault("PARTITIONS"), out var partitions) && IsUndecided(test, topic))
        {
            runtime.Replace(topic, partitions);
        }

        runtime.Ensure(topic, partitions == 0 ? DefaultPartitions : partitions);
        var given = test.Topics.FirstOrDefault(t => t.Name == topic);
        var both = properties.GetValueOrDefault("FORMAT");
        var keyFormat = both ?? properties.GetValueOrDefault("KEY_FORMAT")
            ?? test.Properties.GetValueOrDefault("ksql.persistence.default.format.key") ?? "KAFKA";
        var valueFormat = both ?? properties.GetValueOrDefault("VALUE_FORMAT")
            ?? test.Properties.GetValueOrDefault("ksql.persistence.default.format.value");
        Generate(topic + "-key", keyFormat, Columns(columns, isKey: true), source.Name, isKey: true, properties, given?.Key is not null);
        Generate(
            topic + "-value", valueFormat, Columns(columns, isKey: false), source.Name, isKey: false, properties, given?.Value is not null);
    }

    private void Generate(
        string subject,
        string? format,
        RowSchema columns,
        string source,
        bool isKey,
        Dictionary<string, string> properties,
        bool hasOwn)
    {
        var name = format?.ToUpperInvariant();
        if (columns.Count == 0 || name is null || FormatTraits.Find(name) is not { UsesRegistry: true }
            || registry.Latest(subject) is not null || hasOwn)
        {
            return;
        }

        var side = isKey ? "KEY_" : "VALUE_";
        var wrapSingle = properties.GetValueOrDefault("WRAP_SINGLE_VALUE")?.Equals("false", StringComparison.OrdinalIgnoreCase) != true;
        var spec = new FormatSpec(name)
        {
            Unwrapped = name != "PROTOBUF" && columns.Count == 1 && (isKey || !wrapSingle),
            SchemaFullName = properties.GetValueOrDefault(side + "SCHEMA_FULL_NAME"),
            NullableRepresentation = properties.GetValueOrDefault(side + "PROTOBUF_NULLABLE_REPRESENTATION")?.ToUpperInvariant(),
        };
        registry.Register(subject, RegistrySchemas.Generate(spec, columns, source, isKey));
    }

    private RowSchema Columns(AstList<ColumnDefinition> columns, bool isKey) => new(columns
        .Where(c => c.Role is not (ColumnRole.Header or ColumnRole.Headers) && isKey == (c.Role is ColumnRole.Key or ColumnRole.PrimaryKey))
        .Select(c => new SqlField(c.Name, _types.Resolve(c.Type))));

    private static string Literal(Expression expression)
    {
        var text = SqlPrinter.Print(expression);
        return text is ['\'', .. var inner, '\''] ? inner.Replace("''", "'", StringComparison.Ordinal) : text;
    }
}
