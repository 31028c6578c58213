using System.Globalization;
using StreamFlow.Sql.Analysis;
using StreamFlow.Sql.Ast;

namespace StreamFlow.Sql.Planning;

/// <summary>Names select items that have no alias.</summary>
internal sealed class OutputNames(IEnumerable<string> taken)
{
    private readonly HashSet<string> _taken = new(taken, StringComparer.Ordinal);
    private int _next;

    /// <summary><c>KSQL_COL_0</c>, <c>KSQL_COL_1</c>, ... without those that source columns have.</summary>
    public string NextExpression()
    {
        string name;
        do
        {
            name = "KSQL_COL_" + _next++.ToString(CultureInfo.InvariantCulture);
        }
        while (!_taken.Add(name));
        return name;
    }

    /// <summary>The field's name, or <c>FIELD_1</c>, <c>FIELD_2</c>, ... when it is taken.</summary>
    public string NextField(string field)
    {
        var name = field;
        for (var i = 1; !_taken.Add(name); i++)
        {
            name = $"{field}_{i.ToString(CultureInfo.InvariantCulture)}";
        }

        return name;
    }

    /// <summary>The default name of an expression whose columns are resolved.</summary>
    public string Of(Expression original, Expression resolved, NameResolver resolver) => original switch
    {
        ColumnExpression c when resolver.IsJoin && resolver.IsShared(c.Name) => ((ColumnExpression)resolved).Name,
        ColumnExpression c => c.Name,
        DereferenceExpression d => NextField(d.Field),
        _ => NextExpression(),
    };
}
