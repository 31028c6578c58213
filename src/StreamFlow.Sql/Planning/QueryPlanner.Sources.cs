using StreamFlow.Sql.Analysis;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.Diagnostics;

namespace StreamFlow.Sql.Planning;

internal sealed partial class QueryPlanner
{
    private PlanNode PlanFrom()
    {
        if (!_resolver.IsJoin)
        {
            return Source(_resolver.Sources[0]);
        }

        // All ON clauses are resolved first: a source must know every column the query uses before it is planned.
        var conditions = query.Joins.Select(j => (Join: j, Sides: JoinSides(j))).ToList();
        PlanNode? left = null;
        foreach (var (join, sides) in conditions)
        {
            left = PlanJoin(left, join, sides.Left, sides.Right);
        }

        return left!;
    }

    private SourceNode Source(SourceReference reference)
    {
        var source = reference.Source;

        // A pull query reads rows as another query stored them.
        var isPull = !persistent && query.Emit == EmitKind.None;
        var read = isPull ? [.. source.ValueColumns] : reference.ReadColumns();
        var extras = reference.UsedExtras.Select(c => new SystemColumn(c, reference.StageName(c))).ToList();

        // Headers stand where they were declared, behind the value columns; system columns are hidden from `*`.
        var headers = source.HeaderColumns.Where(h => reference.Uses(h.Name));
        var system = extras.Where(e => source.Find(e.Column) is null);
        var schema = new PlanSchema(
            [.. source.KeyColumns.Select(c => new PlanColumn(reference.StageName(c.Name), c.Type))],
            [
                .. read.Select(c => new PlanColumn(reference.StageName(c.Name), c.Type)),
                .. headers.Select(c => new PlanColumn(reference.StageName(c.Name), c.Type)),
                .. system.Select(e => new PlanColumn(e.Name, SystemColumns.TypeOf(e.Column)!, Hidden: true)),
            ]);
        return new SourceNode(schema, source, reference.Alias, read, extras)
        {
            IsTable = source.IsTable, Window = source.Window, KeyFormat = source.KeyFormatOfQueries,
        };
    }

    /// <summary>The two sides of an ON clause: the one over sources already joined, and the one over the new source.</summary>
    private (Expression Left, Expression Right) JoinSides(JoinNode join)
    {
        if (join.On is not ComparisonExpression { Operator: ComparisonOperator.Equal } equality)
        {
            throw new SqlException(SqlErrors.BadJoin, join.On.Span, "A join condition is one equality: left = right.");
        }

        var (first, second) = (_resolver.Resolve(equality.Left), _resolver.Resolve(equality.Right));
        var right = _resolver.Source(join.Right.Alias, join.Right.Span);
        var (firstOwner, secondOwner) = (_resolver.OnlySourceOf(first), _resolver.OnlySourceOf(second));
        if (firstOwner is null || secondOwner is null)
        {
            throw new SqlException(SqlErrors.BadJoin, join.On.Span, "Each side of a join condition needs columns of exactly one source.");
        }

        if (firstOwner == right == (secondOwner == right))
        {
            throw new SqlException(
                SqlErrors.BadJoin, join.On.Span, $"One side of the condition is about {right.Alias}, the other about a source before it.");
        }

        return secondOwner == right ? (first, second) : (second, first);
    }
}
