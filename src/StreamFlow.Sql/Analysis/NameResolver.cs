using StreamFlow.Core.Errors;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Diagnostics;

namespace StreamFlow.Sql.Analysis;

/// <summary>
/// Rewrites the columns of a query to the names they have inside it, so that equal expressions become equal trees however they
/// were written, and notes which columns are used.
/// </summary>
internal sealed class NameResolver(IReadOnlyList<SourceReference> sources, bool hasWindow)
{
    public IReadOnlyList<SourceReference> Sources => sources;

    public bool IsJoin => sources.Count > 1;

    public Expression Resolve(Expression expression) => Resolve(expression, []);

    /// <summary>The one source an expression is about; null when it is about none or several.</summary>
    public SourceReference? OnlySourceOf(Expression resolved)
    {
        var found = new HashSet<SourceReference>();
        ExpressionRewriter.Visit(resolved, e =>
        {
            if (e is ColumnExpression c && OwnerOf(c.Name) is { } owner)
            {
                found.Add(owner);
            }
        });
        return found.Count == 1 ? found.Single() : null;
    }

    /// <summary>The source whose column a resolved name is.</summary>
    public SourceReference? OwnerOf(string stageName) => sources.FirstOrDefault(
        s => s.AllColumns(true).Concat(s.UsedExtras).Any(c => s.StageName(c) == stageName));

    /// <summary>The column of a source a resolved name stands for, without the prefix.</summary>
    public static string PlainName(SourceReference source, string stageName) =>
        source.AllColumns(true).Concat(source.UsedExtras).First(c => source.StageName(c) == stageName);

    /// <summary>Whether several sources have the column, so that it must be told apart in output names too.</summary>
    public bool IsShared(string column) => sources.Count(s => s.TypeOf(column) is not null) > 1;

    public SourceReference Source(string alias, SourceSpan span) => sources.FirstOrDefault(s => s.Alias == alias)
        ?? throw new SqlException(
            SqlErrors.UnknownSource, span, $"{alias} is none of the query's sources.",
                NearestName.Hint(alias, sources.Select(s => s.Alias)));

    private Expression Resolve(Expression expression, IReadOnlyList<string> lambdaParameters) =>
        ExpressionRewriter.Rewrite(expression, e => e switch
        {
            ColumnExpression { Source: null } c when lambdaParameters.Contains(c.Name) => c,
            ColumnExpression c => Resolve(c),
            LambdaExpression l => l with { Body = Resolve(l.Body, [.. lambdaParameters, .. l.Parameters]) },
            CallExpression call => call with
            {
                Arguments = call.Arguments.Select(a => Argument(a, lambdaParameters)).ToAstList(),
                Filter = call.Filter is null ? null : Resolve(call.Filter, lambdaParameters),
            },
            _ => null,
        });

    // A singular unit such as DAY is a plain name; as an argument it stays one unless a column is called so.
    private Expression Argument(Expression argument, IReadOnlyList<string> lambdaParameters) =>
        argument is ColumnExpression { Source: null } c && Units.TryParse(c.Name, out _) && !sources.Any(s => s.TypeOf(c.Name) is not null)
            ? argument
            : Resolve(argument, lambdaParameters);

    private ColumnExpression Resolve(ColumnExpression column)
    {
        if (hasWindow && !IsJoin && SystemColumns.IsWindowBound(column.Name) && !sources.Any(s => s.TypeOf(column.Name) is not null))
        {
            return column with { Source = null };
        }

        if (IsJoin && column.Source is null && column.Name.StartsWith("ROWKEY", StringComparison.Ordinal)
            && !sources.Any(s => s.TypeOf(column.Name) is not null))
        {
            // The key of a join that no column gives.
            return column;
        }

        var owner = column.Source is null ? FindOwner(column) : Source(column.Source, column.Span);
        if (owner.TypeOf(column.Name) is null)
        {
            throw Unknown(column, [owner]);
        }

        owner.Use(column.Name);
        return column with { Source = null, Name = owner.StageName(column.Name) };
    }

    private SourceReference FindOwner(ColumnExpression column)
    {
        var owners = sources.Where(s => s.TypeOf(column.Name) is not null).ToList();
        return owners.Count switch
        {
            1 => owners[0],
            0 => throw Unknown(column, sources),
            _ => throw new SqlException(
                SqlErrors.AmbiguousColumn,
                column.Span,
                $"{column.Name} is a column of {string.Join(" and ", owners.Select(o => o.Alias))}.",
                $"write {owners[0].Alias}.{column.Name}"),
        };
    }

    private static SqlException Unknown(ColumnExpression column, IReadOnlyList<SourceReference> sources)
    {
        var names = sources.SelectMany(s => s.AllColumns(true)).Append(SystemColumns.RowTime);
        return new SqlException(
            SqlErrors.UnknownColumn, column.Span, $"There is no column {column.Name}.", NearestName.Hint(column.Name, names));
    }
}
