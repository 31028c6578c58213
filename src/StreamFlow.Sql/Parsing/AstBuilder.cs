using Antlr4.Runtime;
using Antlr4.Runtime.Tree;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Diagnostics;
using static StreamFlow.Sql.Parsing.Generated.StreamFlowSqlParser;

namespace StreamFlow.Sql.Parsing;

/// <summary>Builds statements from ANTLR's tree.</summary>
internal sealed partial class AstBuilder
{
    public Statement Build(StatementContext context) => context switch
    {
        QueryStatementContext c => new QueryStatement(Span(c), Build(c.query())),
        CreateStreamContext c =>
            CreateSource(c, SourceKind.Stream, c.orReplace(), c.SOURCE(), c.ifNotExists(), c.sourceName(), c.tableElements(),
                c.withClause()),
        CreateTableContext c =>
            CreateSource(c, SourceKind.Table, c.orReplace(), c.SOURCE(), c.ifNotExists(), c.sourceName(), c.tableElements(),
                c.withClause()),
        CreateStreamAsContext c =>
            CreateAs(c, SourceKind.Stream, c.orReplace(), c.ifNotExists(), c.sourceName(), c.withClause(), c.query()),
        CreateTableAsContext c => CreateAs(c, SourceKind.Table, c.orReplace(), c.ifNotExists(), c.sourceName(), c.withClause(), c.query()),
        InsertIntoContext c => new InsertInto(Span(c), SourceName(c.sourceName()), Properties(c.withClause()), Build(c.query())),
        InsertValuesContext c => new InsertValues(Span(c), SourceName(c.sourceName()), Names(c.columnNames()), Expressions(c.expression())),
        AlterSourceContext c =>
            new AlterSource(Span(c), c.STREAM() is null ? SourceKind.Table : SourceKind.Stream, SourceName(c.sourceName()), Added(c)),
        DropStreamContext c => new DropSource(
            Span(c), SourceKind.Stream, c.ifExists() is not null, SourceName(c.sourceName()), c.DELETE() is not null),
        DropTableContext c => new DropSource(
            Span(c), SourceKind.Table, c.ifExists() is not null, SourceName(c.sourceName()), c.DELETE() is not null),
        CreateTypeContext c => new CreateType(Span(c), c.ifNotExists() is not null, Name(c.identifier()), Build(c.type())),
        DropTypeContext c => new DropType(Span(c), c.ifExists() is not null, Name(c.identifier())),
        CreateConnectorContext c =>
            new CreateConnector(Span(c), c.SINK() is not null, c.ifNotExists() is not null, Name(c.identifier()),
                Properties(c.withClause())),
        DropConnectorContext c => new DropConnector(Span(c), c.ifExists() is not null, Name(c.identifier())),
        _ => BuildCommand(context),
    };

    private Statement BuildCommand(StatementContext context) => context switch
    {
        ShowPropertiesContext c => new Show(Span(c), ShowSubject.Properties, false),
        ShowTopicsContext c => new Show(Span(c), c.ALL() is null ? ShowSubject.Topics : ShowSubject.AllTopics, c.EXTENDED() is not null),
        ShowStreamsContext c => new Show(Span(c), ShowSubject.Streams, c.EXTENDED() is not null),
        ShowTablesContext c => new Show(Span(c), ShowSubject.Tables, c.EXTENDED() is not null),
        ShowFunctionsContext c => new Show(Span(c), ShowSubject.Functions, false),
        ShowConnectorsContext c => new Show(Span(c), ConnectorKind(c), false),
        ShowConnectorPluginsContext c => new Show(Span(c), ShowSubject.ConnectorPlugins, false),
        ShowTypesContext c => new Show(Span(c), ShowSubject.Types, false),
        ShowVariablesContext c => new Show(Span(c), ShowSubject.Variables, false),
        ShowQueriesContext c => new Show(Span(c), ShowSubject.Queries, c.EXTENDED() is not null),
        DescribeStreamsContext c => new Describe(Span(c), DescribeSubject.Streams, null, c.EXTENDED() is not null),
        DescribeTablesContext c => new Describe(Span(c), DescribeSubject.Tables, null, c.EXTENDED() is not null),
        DescribeFunctionContext c => new Describe(Span(c), DescribeSubject.Function, Name(c.identifier()), false),
        DescribeConnectorContext c => new Describe(Span(c), DescribeSubject.Connector, Name(c.identifier()), false),
        DescribeSourceContext c => new Describe(Span(c), DescribeSubject.Source, SourceName(c.sourceName()), c.EXTENDED() is not null),
        ExplainContext c => Explain(c),
        PrintTopicContext c => Print(c),
        TerminateQueryContext c => new ControlQuery(Span(c), QueryCommand.Terminate, NameOrNull(c.identifier())),
        PauseQueryContext c => new ControlQuery(Span(c), QueryCommand.Pause, NameOrNull(c.identifier())),
        ResumeQueryContext c => new ControlQuery(Span(c), QueryCommand.Resume, NameOrNull(c.identifier())),
        SetPropertyContext c => new SetProperty(Span(c), Unquote(c.STRING(0)), Unquote(c.STRING(1)), false),
        UnsetPropertyContext c => new UnsetProperty(Span(c), Unquote(c.STRING())),
        AlterSystemContext c => new SetProperty(Span(c), Unquote(c.STRING(0)), Unquote(c.STRING(1)), true),
        DefineVariableContext c => new DefineVariable(Span(c), Name(c.variableName().identifier()), Unquote(c.STRING())),
        UndefineVariableContext c => new UndefineVariable(Span(c), Name(c.variableName().identifier())),
        _ => BuildAssertion(context),
    };

    private Statement BuildAssertion(StatementContext context) => context switch
    {
        AssertTopicContext c =>
            new AssertTopic(Span(c), c.NOT() is null, TopicName(c.topicName()), Properties(c.withClause()), Timeout(c.timeout())),
        AssertSchemaContext c => new AssertSchema(
            Span(c), c.NOT() is null, c.topicName() is null ? null : TopicName(c.topicName()), (int?)OptionalNumber(c.number()),
                Timeout(c.timeout())),
        AssertValuesContext c =>
            new AssertValues(Span(c), SourceName(c.sourceName()), Names(c.columnNames()), Expressions(c.expression()), false),
        AssertTombstoneContext c =>
            new AssertValues(Span(c), SourceName(c.sourceName()), Names(c.columnNames()), Expressions(c.expression()), true),
        AssertStreamContext c =>
            new AssertSource(Span(c), SourceKind.Stream, SourceName(c.sourceName()), Columns(c.tableElements()),
                Properties(c.withClause())),
        AssertTableContext c =>
            new AssertSource(Span(c), SourceKind.Table, SourceName(c.sourceName()), Columns(c.tableElements()), Properties(c.withClause())),
        _ => throw new InvalidOperationException($"The grammar has a statement the builder does not know: {context.GetType().Name}."),
    };

    private CreateSource CreateSource(
        ParserRuleContext context,
        SourceKind kind,
        OrReplaceContext? orReplace,
        ITerminalNode? source,
        IfNotExistsContext? ifNotExists,
        SourceNameContext name,
        TableElementsContext? columns,
        WithClauseContext? properties) => new(
            Span(context),
            kind,
            orReplace is not null,
            source is not null,
            ifNotExists is not null,
            SourceName(name),
            Columns(columns),
            Properties(properties));

    private CreateAs CreateAs(
        ParserRuleContext context,
        SourceKind kind,
        OrReplaceContext? orReplace,
        IfNotExistsContext? ifNotExists,
        SourceNameContext name,
        WithClauseContext? properties,
        QueryContext query) => new(
            Span(context), kind, orReplace is not null, ifNotExists is not null, SourceName(name), Properties(properties), Build(query));

    private static AstList<ColumnDefinition> Added(AlterSourceContext context) =>
        context.alterOption().Select(o =>
            new ColumnDefinition(Span(o), Name(o.identifier()), Build(o.type()), ColumnRole.Value, null)).ToAstList();

    private static ShowSubject ConnectorKind(ShowConnectorsContext context) => context switch
    {
        _ when context.SOURCE() is not null => ShowSubject.SourceConnectors,
        _ when context.SINK() is not null => ShowSubject.SinkConnectors,
        _ => ShowSubject.Connectors,
    };

    private Explain Explain(ExplainContext context) => new(
        Span(context),
        context.CODE() is not null,
        context.statement() is null ? null : Build(context.statement()),
        NameOrNull(context.identifier()));

    private static PrintTopic Print(PrintTopicContext context)
    {
        var numbers = context.number();
        var hasInterval = context.INTERVAL() is not null || context.SAMPLE() is not null;
        return new PrintTopic(
            Span(context),
            TopicName(context.topicName()),
            context.BEGINNING() is not null,
            hasInterval ? Number(numbers[0]) : null,
            context.LIMIT() is null ? null : Number(numbers[^1]));
    }

    private AstList<ColumnDefinition>? Columns(TableElementsContext? context) =>
        context?.tableElement().Select(Column).ToAstList();

    private ColumnDefinition Column(TableElementContext context)
    {
        var constraint = context.columnConstraint();
        var role = constraint switch
        {
            null => ColumnRole.Value,
            _ when constraint.PRIMARY() is not null => ColumnRole.PrimaryKey,
            _ when constraint.KEY() is not null => ColumnRole.Key,
            _ when constraint.HEADERS() is not null => ColumnRole.Headers,
            _ => ColumnRole.Header,
        };
        var header = constraint?.STRING();
        return new ColumnDefinition(
            Span(context), Name(context.identifier()), Build(context.type()), role, header is null ? null : Unquote(header));
    }

    private static AstList<PropertyNode> Properties(WithClauseContext? context) => context is null
        ? []
        : context.property().Select(p => new PropertyNode(Span(p), PropertyName(p), Literal(p.literal()))).ToAstList();

    private static string PropertyName(PropertyContext context) =>
        (context.STRING() is { } text ? Unquote(text) : Name(context.identifier())).ToUpperInvariant();

    private static AstList<string>? Names(ColumnNamesContext? context) => context?.identifier().Select(Name).ToAstList();

    private static string SourceName(SourceNameContext context)
    {
        var name = Name(context.identifier());
        return name.All(c => char.IsLetterOrDigit(c) || c is '_' or '-') && name.Length > 0
            ? name
            : throw new SqlException(
                SqlErrors.InvalidName, Span(context), $"'{name}' cannot name a stream or table.", "use letters, digits, '_' and '-'");
    }

    private static string TopicName(TopicNameContext context) =>
        context.STRING() is { } text ? Unquote(text) : IdentifierText(context.identifier());

    private static DurationNode? Timeout(TimeoutContext? context) =>
        context is null ? null : new DurationNode(Span(context), Number(context.number()), Unit(context.windowUnit()));

    private static SourceSpan Span(ParserRuleContext context)
    {
        var (start, stop) = (context.Start, context.Stop ?? context.Start);
        return new SourceSpan(start.Line, start.Column + 1, start.StartIndex, Math.Max(0, stop.StopIndex - start.StartIndex + 1));
    }
}
