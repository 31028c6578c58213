using System.Globalization;
using StreamFlow.Core.Errors;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.Diagnostics;

namespace StreamFlow.Sql.Execution;

public sealed partial class SqlEngine
{
    private async ValueTask<SqlResult> ShowAsync(StatementCall call, Show statement, CancellationToken cancellationToken)
    {
        switch (statement.Subject)
        {
            case ShowSubject.Streams or ShowSubject.Tables:
                var tables = statement.Subject == ShowSubject.Tables;
                return Listing(call, ["Name", "Topic", "Key format", "Value format", "Windowed"],
                    Catalog.Sources.Where(s => s.IsTable == tables)
                    .Select(s => Row(s.Name, s.Topic, s.KeyFormat.Name, s.ValueFormat.Name, s.Window is null ? "false" : "true")));
            case ShowSubject.Topics or ShowSubject.AllTopics:
                var topics = await runtime.ListTopicsAsync(cancellationToken).ConfigureAwait(false);
                return Listing(call, ["Name", "Partitions", "Replicas"], topics
                    .Where(t => statement.Subject == ShowSubject.AllTopics || !t.Name.StartsWith('_'))
                    .Select(t => Row(t.Name, Text(t.Partitions), Text(t.Replicas))));
            case ShowSubject.Queries:
                return Listing(call, ["Id", "Type", "Status", "Sink", "Topic", "Statement"], Queries
                    .Select(q => Row(q.Id, "PERSISTENT", Status(q), q.Sink?.Name, q.Sink?.Topic, q.Sql.ReplaceLineEndings(" ")))
                    .Concat(_transients.Values.Select(t => Row(t.Id, "PUSH", "RUNNING", null, null, t.Sql.ReplaceLineEndings(" ")))));
            case ShowSubject.Functions:
                return Listing(call, ["Name", "Type"], _functions.Names
                    .Select(n => Row(n, _functions.IsAggregate(n) ? "AGGREGATE" : _functions.IsTableFunction(n) ? "TABLE" : "SCALAR")));
            case ShowSubject.Types:
                return Listing(call, ["Name", "Type"],
                    Catalog.Types.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => Row(t.Key, t.Value.ToString())));
            case ShowSubject.Properties:
                return Listing(call, ["Name", "Value"], _options.Properties.Concat(call.Session.Properties)
                    .OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => Row(p.Key, p.Value)));
            case ShowSubject.Variables:
                return Listing(call, ["Name", "Value"],
                    call.Session.Variables.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => Row(v.Key, v.Value)));
            default:
                throw new SqlException(SqlErrors.Unsupported, statement.Span, "Connectors belong to a server.");
        }
    }

    private SqlListing Describe(StatementCall call, Describe statement)
    {
        switch (statement.Subject)
        {
            case DescribeSubject.Source:
                return Describe(call, [Catalog.Require(statement.Name!, statement.Span)]);
            case DescribeSubject.Streams or DescribeSubject.Tables:
                return Describe(call, Catalog.Sources.Where(s => s.IsTable == (statement.Subject == DescribeSubject.Tables)));
            case DescribeSubject.Function:
                var function = _functions.Describe(statement.Name!) ?? throw new SqlException(
                    SqlErrors.UnknownFunction, statement.Span, $"There is no function {statement.Name}.",
                        NearestName.Hint(statement.Name!, _functions.Names));
                return Listing(call, ["Name", "Signature"], function.Overloads.Select(o =>
                    Row(function.Name, $"({string.Join(", ", o.Parameters.Select(Parameter))}) -> {o.ReturnType}")));
            default:
                throw new SqlException(SqlErrors.Unsupported, statement.Span, "Connectors belong to a server.");
        }
    }

    private async ValueTask<SqlResult> DescribeExtendedAsync(StatementCall call, Describe statement, CancellationToken cancellationToken)
    {
        var sources = statement.Subject == DescribeSubject.Source
            ? [Catalog.Require(statement.Name!, statement.Span)]
            : Catalog.Sources.Where(s => s.IsTable == (statement.Subject == DescribeSubject.Tables)).ToList();
        var texts = new List<string>();
        foreach (var source in sources)
        {
            var topic = await runtime.FindTopicAsync(source.Topic, cancellationToken).ConfigureAwait(false);
            var queries = new List<(PersistentQuery, IReadOnlyList<SourceProgress>)>();
            foreach (var query in Queries.Where(q => q.Sources.Contains(source.Name) || q.Sink?.Name == source.Name))
            {
                queries.Add((query, await query.Running.ProgressAsync(cancellationToken).ConfigureAwait(false)));
            }

            texts.Add(QueryDescriptions.Describe(source, topic, queries));
        }

        return new SqlReport(call.Sql, string.Join("\n\n", texts));
    }

    private static SqlListing Describe(StatementCall call, IEnumerable<DataSource> sources) =>
        Listing(call, ["Source", "Column", "Type", "Role"],
            sources.SelectMany(s => s.Columns.Select(c => Row(s.Name, c.Name, c.Type.ToString(), RoleOf(s, c)))));

    private static string Parameter(Functions.Resolution.FunctionParameter parameter) =>
        parameter.Type + (parameter.IsVariadic ? "..." : "");

    private static string RoleOf(DataSource source, SourceColumn column) => column.Role switch
    {
        SourceColumnRole.Key =>
            (source.IsTable ? "primary key" : "key") + (source.Window is null ? "" : $", window type {source.Window.Type}"),
        SourceColumnRole.Header => "header",
        _ => "",
    };

    private static string Status(PersistentQuery query) =>
        query.Running.Failure is not null ? "ERROR" : query.IsPaused ? "PAUSED" : "RUNNING";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static IReadOnlyList<string?> Row(params string?[] values) => values;

    private static SqlListing Listing(StatementCall call, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string?>> rows) =>
        new(call.Sql, columns, [.. rows]);
}
