using StreamFlow.Core.Errors;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Catalog;

/// <summary>The streams, tables and types that exist. Not thread-safe: one engine executes one statement at a time.</summary>
public sealed class SqlCatalog
{
    private readonly Dictionary<string, DataSource> _sources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SqlType> _types = new(StringComparer.Ordinal);

    /// <summary>All streams and tables, by name.</summary>
    public IEnumerable<DataSource> Sources => _sources.Values.OrderBy(s => s.Name, StringComparer.Ordinal);

    /// <summary>The custom types by name.</summary>
    public IReadOnlyDictionary<string, SqlType> Types => _types;

    /// <summary>The stream or table of a name, or null.</summary>
    public DataSource? Find(string name) => _sources.GetValueOrDefault(name);

    internal DataSource Require(string name, SourceSpan span) => Find(name)
        ?? throw new SqlException(
            SqlErrors.UnknownSource, span, $"There is no stream or table {name}.", NearestName.Hint(name, _sources.Keys));

    internal void Put(DataSource source) => _sources[source.Name] = source;

    internal void Remove(string name) => _sources.Remove(name);

    internal bool AddType(string name, SqlType type) => _types.TryAdd(name, type);

    internal bool RemoveType(string name) => _types.Remove(name);

    /// <summary>The type a type expression means, custom types resolved.</summary>
    /// <exception cref="SqlException">A name is no type.</exception>
    internal SqlType Resolve(TypeNode node) => node switch
    {
        DecimalTypeNode d => SqlType.Decimal(d.Precision, d.Scale),
        ArrayTypeNode a => SqlType.Array(Resolve(a.Element)),
        MapTypeNode m => SqlType.Map(Resolve(m.Key), Resolve(m.Value)),
        StructTypeNode s => ResolveStruct(s),
        NamedTypeNode n => ResolveName(n),
        _ => throw new InvalidOperationException($"Unknown type node {node.GetType().Name}."),
    };

    private SqlStructType ResolveStruct(StructTypeNode node)
    {
        var fields = new List<SqlField>();
        foreach (var field in node.Fields)
        {
            if (fields.Exists(f => f.Name == field.Name))
            {
                throw new SqlException(SqlErrors.DuplicateName, field.Span, $"The struct has two fields {field.Name}.");
            }

            fields.Add(new SqlField(field.Name, Resolve(field.Type)));
        }

        return new SqlStructType(fields);
    }

    private SqlType ResolveName(NamedTypeNode node)
    {
        if (_types.TryGetValue(node.Name, out var custom))
        {
            return custom;
        }

        return node.Name switch
        {
            "BOOLEAN" => SqlType.Boolean,
            "INT" or "INTEGER" => SqlType.Integer,
            "BIGINT" => SqlType.BigInt,
            "DOUBLE" => SqlType.Double,
            "STRING" or "VARCHAR" => SqlType.String,
            "BYTES" => SqlType.Bytes,
            "DATE" => SqlType.Date,
            "TIME" => SqlType.Time,
            "TIMESTAMP" => SqlType.Timestamp,
            _ => throw new SqlException(
                SqlErrors.UnknownType, node.Span, $"{node.Name} is no type.",
                    NearestName.Hint(node.Name, BuiltInNames.Concat(_types.Keys))),
        };
    }

    private static readonly string[] BuiltInNames =
        ["BOOLEAN", "INT", "INTEGER", "BIGINT", "DOUBLE", "STRING", "VARCHAR", "BYTES", "DATE", "TIME", "TIMESTAMP", "ARRAY", "MAP",
            "STRUCT", "DECIMAL"];
}
