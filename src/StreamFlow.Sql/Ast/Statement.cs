namespace StreamFlow.Sql.Ast;

/// <summary>One SQL statement as written.</summary>
internal abstract record Statement(SourceSpan Span) : Node(Span)
{
    public sealed override string ToString() => SqlPrinter.Print(this);
}

internal enum SourceKind
{
    Stream,
    Table,
}

internal enum ColumnRole
{
    Value,
    Key,
    PrimaryKey,

    /// <summary>All headers of the record.</summary>
    Headers,

    /// <summary>The last header of one key.</summary>
    Header,
}

internal sealed record ColumnDefinition(SourceSpan Span, string Name, TypeNode Type, ColumnRole Role, string? HeaderKey) : Node(Span);

/// <summary>A property of WITH; the name is upper-cased.</summary>
internal sealed record PropertyNode(SourceSpan Span, string Name, Expression Value) : Node(Span);

internal sealed record QueryStatement(SourceSpan Span, Query Query) : Statement(Span);

internal sealed record CreateSource(
    SourceSpan Span,
    SourceKind Kind,
    bool OrReplace,
    bool IsSource,
    bool IfNotExists,
    string Name,
    AstList<ColumnDefinition>? Columns,
    AstList<PropertyNode> Properties) : Statement(Span);

internal sealed record CreateAs(
    SourceSpan Span,
    SourceKind Kind,
    bool OrReplace,
    bool IfNotExists,
    string Name,
    AstList<PropertyNode> Properties,
    Query Query) : Statement(Span);

internal sealed record InsertInto(SourceSpan Span, string Target, AstList<PropertyNode> Properties, Query Query) : Statement(Span);

internal sealed record InsertValues(SourceSpan Span, string Target, AstList<string>? Columns, AstList<Expression> Values) : Statement(Span);

internal sealed record AlterSource(SourceSpan Span, SourceKind Kind, string Name, AstList<ColumnDefinition> Added) : Statement(Span);

internal sealed record DropSource(SourceSpan Span, SourceKind Kind, bool IfExists, string Name, bool DeleteTopic) : Statement(Span);

internal sealed record CreateType(SourceSpan Span, bool IfNotExists, string Name, TypeNode Type) : Statement(Span);

internal sealed record DropType(SourceSpan Span, bool IfExists, string Name) : Statement(Span);

internal sealed record CreateConnector(
    SourceSpan Span, bool IsSink, bool IfNotExists, string Name, AstList<PropertyNode> Properties) : Statement(Span);

internal sealed record DropConnector(SourceSpan Span, bool IfExists, string Name) : Statement(Span);

internal enum ShowSubject
{
    Properties,
    Topics,
    AllTopics,
    Streams,
    Tables,
    Functions,
    Connectors,
    SourceConnectors,
    SinkConnectors,
    ConnectorPlugins,
    Types,
    Variables,
    Queries,
}

internal sealed record Show(SourceSpan Span, ShowSubject Subject, bool Extended) : Statement(Span);

internal enum DescribeSubject
{
    Source,
    Function,
    Connector,
    Streams,
    Tables,
}

internal sealed record Describe(SourceSpan Span, DescribeSubject Subject, string? Name, bool Extended) : Statement(Span);

/// <summary>Explains a statement or, by id, a running query; <see cref="Code"/> asks for the generated C#.</summary>
internal sealed record Explain(SourceSpan Span, bool Code, Statement? Statement, string? QueryId) : Statement(Span);

internal sealed record PrintTopic(SourceSpan Span, string Topic, bool FromBeginning, long? Interval, long? Limit) : Statement(Span);

internal enum QueryCommand
{
    Terminate,
    Pause,
    Resume,
}

/// <summary><see cref="QueryId"/> is null for ALL.</summary>
internal sealed record ControlQuery(SourceSpan Span, QueryCommand Command, string? QueryId) : Statement(Span);

internal sealed record SetProperty(SourceSpan Span, string Name, string Value, bool System) : Statement(Span);

internal sealed record UnsetProperty(SourceSpan Span, string Name) : Statement(Span);

internal sealed record DefineVariable(SourceSpan Span, string Name, string Value) : Statement(Span);

internal sealed record UndefineVariable(SourceSpan Span, string Name) : Statement(Span);

internal sealed record AssertTopic(
    SourceSpan Span, bool Exists, string Topic, AstList<PropertyNode> Properties, DurationNode? Timeout) : Statement(Span);

internal sealed record AssertSchema(SourceSpan Span, bool Exists, string? Subject, int? Id, DurationNode? Timeout) : Statement(Span);

internal sealed record AssertValues(
    SourceSpan Span, string Source, AstList<string>? Columns, AstList<Expression> Values, bool Tombstone) : Statement(Span);

internal sealed record AssertSource(
    SourceSpan Span, SourceKind Kind, string Name, AstList<ColumnDefinition>? Columns, AstList<PropertyNode> Properties) : Statement(Span);
