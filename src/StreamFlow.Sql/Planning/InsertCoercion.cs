using System.Globalization;
using StreamFlow.Sql.Analysis;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Types;
using StreamFlow.Sql.Values;

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
            BoundExpression? literal = SqlCoercion.CanCoerce(from.Type, values[i].Type) ? null
                : DecimalLiteral(node, i, values[i].Type) ?? throw Mismatch(span, node, sink);
            expressions.Add(new NamedExpression(
                values[i].Name, literal ?? Coercion.Widen(new BoundColumn(from.Name, from.Type), values[i].Type), from.Name));
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

    // A literal is no wider than its digits: 1 fits DECIMAL(5, 2), though not every INT does.
    private static BoundLiteral? DecimalLiteral(PlanNode node, int column, SqlType type)
    {
        if (type is not SqlDecimalType target || node is not ProjectNode { Values: var values }
            || values[column].Value is not BoundLiteral { Value: int or long or SqlDecimal } literal)
        {
            return null;
        }

        var value = literal.Value switch
        {
            SqlDecimal d => d,
            var number => SqlDecimal.Parse(Convert.ToString(number, CultureInfo.InvariantCulture)!),
        };
        return value.Scale <= target.Scale && Math.Max(value.Precision, value.Scale) - value.Scale <= target.Precision - target.Scale
            ? new BoundLiteral(target, SqlCast.ToDecimal(value, target.Precision, target.Scale))
            : null;
    }

    private static SqlException Mismatch(SourceSpan span, PlanNode node, DataSource sink) => new(
        SqlErrors.TypeMismatch,
        span,
        $"The query's columns ({string.Join(", ", node.Schema.All.Select(c => $"{c.Name} {c.Type}"))}) do not fit those of {sink.Name} "
        + $"({string.Join(", ", sink.Columns.Select(c => $"{c.Name} {c.Type}"))}).");
}
