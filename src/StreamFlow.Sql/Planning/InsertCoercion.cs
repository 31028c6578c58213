using StreamFlow.Sql.Analysis;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Planning;

/// <summary>Gives a query's result the columns of the stream it is inserted into.</summary>
internal static class InsertCoercion
{
    /// <exception cref="SqlException">Number, key names or types do not fit.</exception>
    public static PlanNode Coerce(PlanNode node, DataSource sink, SourceSpan span)
    {
        var (keys, values) = (sink.KeyColumns.ToList(), sink.ValueColumns.ToList());
        if (node.Schema.Key.Count != keys.Count || node.Schema.Value.Count != values.Count)
        {
            throw Mismatch(span, node, sink);
        }

        for (var i = 0; i < keys.Count; i++)
        {
            if (node.Schema.Key[i].Name != keys[i].Name || node.Schema.Key[i].Type != keys[i].Type)
            {
                throw Mismatch(span, node, sink);
            }
        }

        var expressions = new List<NamedExpression>();
        for (var i = 0; i < values.Count; i++)
        {
            var from = node.Schema.Value[i];
            if (!SqlCoercion.CanCoerce(from.Type, values[i].Type))
            {
                throw Mismatch(span, node, sink);
            }

            expressions.Add(new NamedExpression(
                values[i].Name, Coercion.Widen(new BoundColumn(from.Name, from.Type), values[i].Type), from.Name));
        }

        var isSame = values.Select(v => v.Name).SequenceEqual(node.Schema.Value.Select(v => v.Name))
            && values.Select(v => v.Type).SequenceEqual(node.Schema.Value.Select(v => v.Type));
        return isSame
            ? node
            : new ProjectNode(new PlanSchema(node.Schema.Key, [.. values.Select(v => new PlanColumn(v.Name, v.Type))]), node, expressions)
            {
                IsTable = node.IsTable, Window = node.Window, KeyFormat = node.KeyFormat,
            };
    }

    private static SqlException Mismatch(SourceSpan span, PlanNode node, DataSource sink) => new(
        SqlErrors.TypeMismatch,
        span,
        $"The query's columns ({string.Join(", ", node.Schema.All.Select(c => $"{c.Name} {c.Type}"))}) do not fit those of {sink.Name} "
        + $"({string.Join(", ", sink.Columns.Select(c => $"{c.Name} {c.Type}"))}).");
}
