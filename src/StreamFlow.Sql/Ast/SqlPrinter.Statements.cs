using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Ast;

internal sealed partial class SqlPrinter
{
    private void Write(Statement statement)
    {
        switch (statement)
        {
            case QueryStatement s: Write(s.Query); break;
            case CreateSource s: WriteCreateSource(s); break;
            case CreateAs s: WriteCreateAs(s); break;
            case InsertInto s:
                Append($"INSERT INTO {Name(s.Target)}");
                With(s.Properties);
                Append(" ");
                Write(s.Query);
                break;
            case InsertValues s:
                Append($"INSERT INTO {Name(s.Target)}{Names(s.Columns)} VALUES (");
                List(s.Values, Write);
                Append(")");
                break;
            case AlterSource s:
                Append($"ALTER {Kind(s.Kind)} {Name(s.Name)} {string.Join(", ", s.Added.Select(c => $"ADD {Column(c)}"))}");
                break;
            case DropSource s:
                Append($"DROP {Kind(s.Kind)} {If(s.IfExists, "IF EXISTS ")}{Name(s.Name)}{If(s.DeleteTopic, " DELETE TOPIC")}");
                break;
            case CreateType s: Append($"CREATE TYPE {If(s.IfNotExists, "IF NOT EXISTS ")}{Name(s.Name)} AS {Print(s.Type)}"); break;
            case DropType s: Append($"DROP TYPE {If(s.IfExists, "IF EXISTS ")}{Name(s.Name)}"); break;
            case AssertTopic or AssertSchema or AssertValues or AssertSource: WriteAssertion(statement); break;
            default: WriteCommand(statement); break;
        }
    }

    private void WriteCommand(Statement statement)
    {
        switch (statement)
        {
            case CreateConnector s:
                Append($"CREATE {(s.IsSink ? "SINK" : "SOURCE")} CONNECTOR {If(s.IfNotExists, "IF NOT EXISTS ")}{Name(s.Name)}");
                With(s.Properties);
                break;
            case DropConnector s: Append($"DROP CONNECTOR {If(s.IfExists, "IF EXISTS ")}{Name(s.Name)}"); break;
            case Show s: Append($"SHOW {Subject(s.Subject)}{If(s.Extended, " EXTENDED")}"); break;
            case Describe s: Append($"DESCRIBE {Subject(s)}{If(s.Extended, " EXTENDED")}"); break;
            case Explain s:
                Append($"EXPLAIN {If(s.Code, "CODE ")}{(s.QueryId is null ? "" : Name(s.QueryId))}");
                if (s.Statement is not null)
                {
                    Write(s.Statement);
                }

                break;
            case PrintTopic s:
                Append($"PRINT {QuoteString(s.Topic)}{If(s.FromBeginning, " FROM BEGINNING")}");
                Append($"{Optional(" INTERVAL ", s.Interval)}{Optional(" LIMIT ", s.Limit)}");
                break;
            case ControlQuery s: Append(
                $"{s.Command.ToString().ToUpperInvariant()} {(s.QueryId is null ? "ALL" : Name(s.QueryId))}"); break;
            case SetProperty s: Append($"{(s.System ? "ALTER SYSTEM" : "SET")} {QuoteString(s.Name)}={QuoteString(s.Value)}"); break;
            case UnsetProperty s: Append($"UNSET {QuoteString(s.Name)}"); break;
            case DefineVariable s: Append($"DEFINE {Name(s.Name)} = {QuoteString(s.Value)}"); break;
            case UndefineVariable s: Append($"UNDEFINE {Name(s.Name)}"); break;
            default: throw new InvalidOperationException($"No SQL for {statement.GetType().Name}.");
        }
    }

    private void WriteAssertion(Statement statement)
    {
        switch (statement)
        {
            case AssertTopic s:
                Append($"ASSERT {If(!s.Exists, "NOT EXISTS ")}TOPIC {QuoteString(s.Topic)}");
                With(s.Properties);
                Append(Timeout(s.Timeout));
                break;
            case AssertSchema s:
                Append($"ASSERT {If(!s.Exists, "NOT EXISTS ")}SCHEMA{(s.Subject is null ? "" : $" SUBJECT {QuoteString(s.Subject)}")}");
                Append($"{Optional(" ID ", s.Id)}{Timeout(s.Timeout)}");
                break;
            case AssertValues s:
                Append($"ASSERT {If(s.Tombstone, "NULL ")}VALUES {Name(s.Source)}{Names(s.Columns)} {(s.Tombstone ? "KEY" : "VALUES")} (");
                List(s.Values, Write);
                Append(")");
                break;
            case AssertSource s:
                Append($"ASSERT {Kind(s.Kind)} {Name(s.Name)}{Columns(s.Columns)}");
                With(s.Properties);
                break;
        }
    }

    private void WriteCreateSource(CreateSource s)
    {
        Append($"CREATE {If(s.OrReplace, "OR REPLACE ")}{If(s.IsSource, "SOURCE ")}{Kind(s.Kind)} ");
        Append($"{If(s.IfNotExists, "IF NOT EXISTS ")}{Name(s.Name)}{Columns(s.Columns)}");
        With(s.Properties);
    }

    private void WriteCreateAs(CreateAs s)
    {
        Append($"CREATE {If(s.OrReplace, "OR REPLACE ")}{Kind(s.Kind)} {If(s.IfNotExists, "IF NOT EXISTS ")}{Name(s.Name)}");
        With(s.Properties);
        Append(" AS ");
        Write(s.Query);
    }

    private void Write(Query query)
    {
        Append("SELECT ");
        List(query.Select, Write);
        Append($" FROM {Print(query.From)}");
        foreach (var join in query.Joins)
        {
            Append($" {join.Kind.ToString().ToUpperInvariant()} JOIN {Print(join.Right)}");
            if (join.Within is { } within)
            {
                Append($" WITHIN ({Print(within.Before)}, {Print(within.After)}){Optional(" GRACE PERIOD ", within.Grace)}");
            }

            Prefixed(" ON ", join.On, "");
        }

        if (query.Window is { } window)
        {
            Append($" WINDOW {Print(window)}");
        }

        Clause(" WHERE ", query.Where);
        Clause(" GROUP BY ", query.GroupBy);
        Clause(" PARTITION BY ", query.PartitionBy);
        Clause(" HAVING ", query.Having);
        Append(query.Emit == EmitKind.None ? "" : $" EMIT {query.Emit.ToString().ToUpperInvariant()}");
        Append(Optional(" LIMIT ", query.Limit));
    }

    private void Write(SelectItem item)
    {
        switch (item)
        {
            case SelectAll { Source: { } source }: Append($"{Name(source)}.*"); break;
            case SelectAll: Append("*"); break;
            case SelectStructAll s: Prefixed("", s.Base, "->*"); break;
            case SelectExpression s: Prefixed("", s.Value, s.Alias is null ? "" : $" AS {Name(s.Alias)}"); break;
        }
    }

    private void Clause(string keyword, Expression? expression)
    {
        if (expression is not null)
        {
            Prefixed(keyword, expression, "");
        }
    }

    private void Clause(string keyword, AstList<Expression>? expressions)
    {
        if (expressions is not null)
        {
            Append(keyword);
            List(expressions, Write);
        }
    }

    private void With(AstList<PropertyNode> properties)
    {
        if (properties.Count > 0)
        {
            Append(" WITH (");
            List(properties, p => Prefixed($"{Name(p.Name)}=", p.Value, ""));
            Append(")");
        }
    }

    private static string Print(Relation r) => $"{Name(r.Name)}{(r.ExplicitAlias is null ? "" : $" AS {Name(r.ExplicitAlias)}")}";

    private static string Print(DurationNode d) => $"{d.Count} {d.Unit.ToString().ToUpperInvariant()}";

    private static string Print(WindowNode w)
    {
        var tail = $"{Optional(", RETENTION ", w.Retention)}{Optional(", GRACE PERIOD ", w.Grace)})";
        return w.Kind switch
        {
            WindowKind.Tumbling => $"TUMBLING (SIZE {Print(w.Size)}{tail}",
            WindowKind.Hopping => $"HOPPING (SIZE {Print(w.Size)}, ADVANCE BY {Print(w.Advance!)}{tail}",
            _ => $"SESSION ({Print(w.Size)}{tail}",
        };
    }

    private static string Subject(ShowSubject subject) => subject switch
    {
        ShowSubject.AllTopics => "ALL TOPICS",
        ShowSubject.SourceConnectors => "SOURCE CONNECTORS",
        ShowSubject.SinkConnectors => "SINK CONNECTORS",
        ShowSubject.ConnectorPlugins => "CONNECTOR PLUGINS",
        _ => subject.ToString().ToUpperInvariant(),
    };

    private static string Subject(Describe s) => s.Subject switch
    {
        DescribeSubject.Source => Name(s.Name!),
        DescribeSubject.Function => $"FUNCTION {Name(s.Name!)}",
        DescribeSubject.Connector => $"CONNECTOR {Name(s.Name!)}",
        _ => s.Subject.ToString().ToUpperInvariant(),
    };

    private static string Column(ColumnDefinition c) => $"{Name(c.Name)} {Print(c.Type)}" + c.Role switch
    {
        ColumnRole.Key => " KEY",
        ColumnRole.PrimaryKey => " PRIMARY KEY",
        ColumnRole.Headers => " HEADERS",
        ColumnRole.Header => $" HEADER({QuoteString(c.HeaderKey!)})",
        _ => "",
    };

    private static string Columns(AstList<ColumnDefinition>? columns) =>
        columns is null ? "" : $" ({string.Join(", ", columns.Select(Column))})";

    private static string Names(AstList<string>? names) => names is null ? "" : $" ({string.Join(", ", names.Select(Name))})";

    private static string Timeout(DurationNode? timeout) => Optional(" TIMEOUT ", timeout);

    private static string Optional(string prefix, DurationNode? duration) => duration is null ? "" : prefix + Print(duration);

    private static string Optional(string prefix, long? number) => number is null ? "" : $"{prefix}{number}";

    private static string If(bool condition, string text) => condition ? text : "";

    private static string Kind(SourceKind kind) => kind == SourceKind.Stream ? "STREAM" : "TABLE";

    private static string Name(string name) => SqlIdentifiers.Quote(name);
}
