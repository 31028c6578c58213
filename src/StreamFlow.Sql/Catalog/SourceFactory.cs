using StreamFlow.Core.Errors;
using StreamFlow.Sql.Analysis;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Catalog;

/// <summary>Makes the streams and tables of CREATE STREAM and CREATE TABLE.</summary>
/// <param name="catalog">Resolves custom types.</param>
/// <param name="property">Looks up a session or server property.</param>
internal sealed class SourceFactory(SqlCatalog catalog, Func<string, string?> property)
{
    private static readonly SqlType AllHeaders = SqlType.Array(
        SqlType.Struct(new SqlField("KEY", SqlType.String), new SqlField("VALUE", SqlType.Bytes)));

    /// <summary>Checks the statement and makes the source.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="inferred">Columns read from the schema registry, for sides that declare none.</param>
    /// <param name="sql">The statement's text.</param>
    public DataSource Create(CreateSource statement, IReadOnlyList<SourceColumn> inferred, string sql)
    {
        var properties = new WithProperties(statement.Properties, statement.Span);
        var topic = properties.Text("KAFKA_TOPIC")
            ?? throw WithProperties.Bad(statement.Span, "WITH lacks KAFKA_TOPIC.", $"KAFKA_TOPIC = '{statement.Name.ToLowerInvariant()}'");
        if (properties.Has("QUERY_ID"))
        {
            throw WithProperties.Bad(properties.SpanOf("QUERY_ID"), "QUERY_ID is for INSERT INTO.");
        }

        var columns = Columns(statement).Concat(inferred).OrderBy(c => c.Role switch
        {
            SourceColumnRole.Key => 0,
            SourceColumnRole.Value => 1,
            _ => 2,
        }).ToList();
        CheckColumns(statement, columns);
        var formats = new SourceFormats(properties, property);
        var keys = columns.Where(c => c.Role == SourceColumnRole.Key).ToList();
        var source = new DataSource
        {
            Name = statement.Name,
            IsTable = statement.Kind == SourceKind.Table,
            Columns = columns,
            Topic = topic,
            KeyFormat = formats.Key(keys, null),
            KeyFormatOfQueries = formats.KeyOfQueries(keys),
            ValueFormat = formats.Value([.. columns.Where(c => c.Role == SourceColumnRole.Value)], null),
            Window = properties.Window(),
            IsSource = statement.IsSource,
            Sql = sql,
        };
        source = source with { WrapSingleValue = formats.WrapSingleValue(source.ValueColumns.Count(), source.ValueFormat) };
        if (source.Window is not null && keys.Count == 0)
        {
            throw WithProperties.Bad(properties.SpanOf("WINDOW_TYPE"), "WINDOW_TYPE needs a key column.");
        }

        _ = (properties.Partitions(), properties.Replicas());
        return WithTimestamp(source, properties);
    }

    /// <summary>The source with the TIMESTAMP properties of a WITH clause.</summary>
    public static DataSource WithTimestamp(DataSource source, WithProperties properties)
    {
        var (name, format) = (properties.Text("TIMESTAMP"), properties.Text("TIMESTAMP_FORMAT"));
        if (name is null)
        {
            return format is null ? source
                : throw WithProperties.Bad(properties.SpanOf("TIMESTAMP_FORMAT"), "TIMESTAMP_FORMAT needs TIMESTAMP.");
        }

        var span = properties.SpanOf("TIMESTAMP");
        name = name.StartsWith('`') ? name.Trim('`') : name.ToUpperInvariant();
        var column = source.Find(name) ?? throw new SqlException(
            SqlErrors.UnknownColumn, span, $"TIMESTAMP names {name}, which is no column.",
                NearestName.Hint(name, source.Columns.Select(c => c.Name)));
        var fits = column.Type.BaseType switch
        {
            SqlBaseType.BigInt or SqlBaseType.Timestamp => format is null,
            SqlBaseType.String => format is not null,
            _ => false,
        };
        return fits && column.Role != SourceColumnRole.Header
            ? source with { TimestampColumn = name, TimestampFormat = format }
            : throw WithProperties.Bad(
                span, $"{name} {column.Type} cannot be the timestamp.", "use BIGINT, TIMESTAMP, or STRING with TIMESTAMP_FORMAT");
    }

    private List<SourceColumn> Columns(CreateSource statement)
    {
        var columns = new List<SourceColumn>();
        foreach (var definition in statement.Columns ?? [])
        {
            var column = Column(statement.Kind, definition);
            if (columns.Exists(c => c.Name == column.Name))
            {
                throw new SqlException(SqlErrors.DuplicateName, definition.Span, $"Two columns are called {column.Name}.");
            }

            columns.Add(column);
        }

        return columns;
    }

    private SourceColumn Column(SourceKind kind, ColumnDefinition definition)
    {
        if (SystemColumns.IsSystem(definition.Name))
        {
            throw new SqlException(SqlErrors.InvalidName, definition.Span, $"{definition.Name} is reserved.");
        }

        var type = catalog.Resolve(definition.Type);
        var error = (definition.Role, kind) switch
        {
            (ColumnRole.PrimaryKey, SourceKind.Stream) => "A stream has a KEY, not a PRIMARY KEY.",
            (ColumnRole.Key, SourceKind.Table) => "A table has a PRIMARY KEY, not a KEY.",
            (ColumnRole.Key or ColumnRole.PrimaryKey, _) when ContainsMap(type) => "A key cannot hold a MAP.",
            (ColumnRole.Headers, _) when type != AllHeaders => $"A HEADERS column is of type {AllHeaders}.",
            (ColumnRole.Header, _) when type != SqlType.Bytes => "A HEADER column is of type BYTES.",
            _ => null,
        };
        if (error is not null)
        {
            throw new SqlException(SqlErrors.BadColumn, definition.Span, error);
        }

        var role = definition.Role switch
        {
            ColumnRole.Value => SourceColumnRole.Value,
            ColumnRole.Key or ColumnRole.PrimaryKey => SourceColumnRole.Key,
            _ => SourceColumnRole.Header,
        };
        return new SourceColumn(definition.Name, type, role, definition.HeaderKey);
    }

    private static void CheckColumns(CreateSource statement, List<SourceColumn> columns)
    {
        if (columns.Count == 0)
        {
            throw new SqlException(SqlErrors.BadColumn, statement.Span, $"{statement.Name} has no columns.", "declare columns");
        }

        if (statement.Kind == SourceKind.Table && columns.TrueForAll(c => c.Role != SourceColumnRole.Key))
        {
            throw new SqlException(
                SqlErrors.BadColumn, statement.Span, $"The table {statement.Name} has no primary key.", "name type PRIMARY KEY");
        }

        var headers = columns.Where(c => c.Role == SourceColumnRole.Header).ToList();
        if ((headers.Exists(h => h.HeaderKey is null) && headers.Count > 1)
            || headers.DistinctBy(h => h.HeaderKey).Count() != headers.Count)
        {
            throw new SqlException(SqlErrors.BadColumn, statement.Span, "HEADERS stands alone, and each HEADER('key') only once.");
        }
    }

    private static bool ContainsMap(SqlType type) => type switch
    {
        SqlMapType => true,
        SqlArrayType a => ContainsMap(a.Element),
        SqlStructType s => s.Fields.Any(f => ContainsMap(f.Type)),
        _ => false,
    };
}
