using System.Globalization;
using System.Text;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Ast;

/// <summary>Prints nodes back as SQL that parses to equal nodes. Names are always quoted, operators fully parenthesised.</summary>
internal sealed partial class SqlPrinter
{
    private readonly StringBuilder _out = new();

    private SqlPrinter()
    {
    }

    public static string Print(Expression expression)
    {
        var printer = new SqlPrinter();
        printer.Write(expression);
        return printer._out.ToString();
    }

    public static string Print(TypeNode type)
    {
        var printer = new SqlPrinter();
        printer.Write(type);
        return printer._out.ToString();
    }

    public static string Print(Statement statement)
    {
        var printer = new SqlPrinter();
        printer.Write(statement);
        return printer._out.Append(';').ToString();
    }

    public static string QuoteString(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private void Write(Expression expression)
    {
        switch (expression)
        {
            case NullLiteral: Append("NULL"); break;
            case BooleanLiteral b: Append(b.Value ? "TRUE" : "FALSE"); break;
            case IntegerLiteral i: Append(i.Value.ToString(CultureInfo.InvariantCulture)); break;
            case BigIntLiteral l: Append(l.Value.ToString(CultureInfo.InvariantCulture)); break;
            case DecimalLiteral d: Append($"DECIMAL '{d.Value}'"); break;
            case DoubleLiteral d: Append(d.Value.ToString("E16", CultureInfo.InvariantCulture)); break;
            case StringLiteral s: Append(QuoteString(s.Value)); break;
            case VariableExpression v: Append($"${{{v.Name}}}"); break;
            case ColumnExpression { Source: { } source } c: Append($"{SqlIdentifiers.Quote(source)}.{SqlIdentifiers.Quote(c.Name)}"); break;
            case ColumnExpression c: Append(SqlIdentifiers.Quote(c.Name)); break;
            case IntervalUnitExpression u: Append(u.Unit.ToString().ToUpperInvariant()); break;
            case IsNullExpression e: Parenthesised(e.Value, e.Negated ? " IS NOT NULL" : " IS NULL"); break;
            case NotExpression e: Prefixed("(NOT ", e.Operand, ")"); break;
            case UnaryExpression e: Prefixed(e.Operator == UnaryOperator.Minus ? "(- " : "(+ ", e.Operand, ")"); break;
            case AtTimeZoneExpression e: Parenthesised(e.Value, $" AT TIME ZONE {QuoteString(e.Zone)}"); break;
            case CastExpression e: Prefixed("CAST(", e.Value, $" AS {Print(e.Type)})"); break;
            case SubscriptExpression e: Write(e.Base); Prefixed("[", e.Index, "]"); break;
            case DereferenceExpression e: Write(e.Base); Append($"->{SqlIdentifiers.Quote(e.Field)}"); break;
            default: WriteCompound(expression); break;
        }
    }

    private void WriteCompound(Expression expression)
    {
        switch (expression)
        {
            case ArithmeticExpression e: Infix(e.Left, Symbol(e.Operator), e.Right); break;
            case ComparisonExpression e: Infix(e.Left, Symbol(e.Operator), e.Right); break;
            case LogicalExpression e: Infix(e.Left, e.IsAnd ? "AND" : "OR", e.Right); break;
            case BetweenExpression e:
                Prefixed("(", e.Value, e.Negated ? " NOT BETWEEN " : " BETWEEN ");
                Write(e.Lower);
                Prefixed(" AND ", e.Upper, ")");
                break;
            case InExpression e:
                Prefixed("(", e.Value, e.Negated ? " NOT IN (" : " IN (");
                List(e.List, Write);
                Append("))");
                break;
            case LikeExpression e:
                Prefixed("(", e.Value, e.Negated ? " NOT LIKE " : " LIKE ");
                Prefixed("", e.Pattern, e.Escape is null ? ")" : $" ESCAPE {QuoteString(e.Escape)})");
                break;
            case CaseExpression e: WriteCase(e); break;
            case ArrayExpression e: Append("ARRAY["); List(e.Items, Write); Append("]"); break;
            case MapExpression e:
                Append("MAP(");
                List(e.Entries, entry => { Write(entry.Key); Prefixed(" := ", entry.Value, ""); });
                Append(")");
                break;
            case StructExpression e:
                Append("STRUCT(");
                List(e.Fields, field => Prefixed($"{SqlIdentifiers.Quote(field.Name)} := ", field.Value, ""));
                Append(")");
                break;
            case CallExpression e:
                Append($"{SqlIdentifiers.Quote(e.Function)}(");
                Append(e.Star ? "*" : "");
                List(e.Arguments, Write);
                Append(")");
                if (e.Filter is not null)
                {
                    Prefixed(" FILTER (WHERE ", e.Filter, ")");
                }

                break;
            case LambdaExpression e:
                Prefixed($"({string.Join(", ", e.Parameters.Select(SqlIdentifiers.Quote))}) => ", e.Body, "");
                break;
            default: throw new InvalidOperationException($"No SQL for {expression.GetType().Name}.");
        }
    }

    private void WriteCase(CaseExpression e)
    {
        Append("CASE");
        if (e.Operand is not null)
        {
            Prefixed(" ", e.Operand, "");
        }

        foreach (var when in e.Whens)
        {
            Prefixed(" WHEN ", when.Condition, " THEN ");
            Write(when.Result);
        }

        if (e.Otherwise is not null)
        {
            Prefixed(" ELSE ", e.Otherwise, "");
        }

        Append(" END");
    }

    private void Write(TypeNode type)
    {
        switch (type)
        {
            case NamedTypeNode t: Append(SqlIdentifiers.Quote(t.Name)); break;
            case DecimalTypeNode t: Append($"DECIMAL({t.Precision}, {t.Scale})"); break;
            case ArrayTypeNode t: Append($"ARRAY<{Print(t.Element)}>"); break;
            case MapTypeNode t: Append($"MAP<{Print(t.Key)}, {Print(t.Value)}>"); break;
            case StructTypeNode t:
                Append($"STRUCT<{string.Join(", ", t.Fields.Select(f => $"{SqlIdentifiers.Quote(f.Name)} {Print(f.Type)}"))}>");
                break;
            default: throw new InvalidOperationException($"No SQL for {type.GetType().Name}.");
        }
    }

    private static string Symbol(ArithmeticOperator op) => op switch
    {
        ArithmeticOperator.Add => "+",
        ArithmeticOperator.Subtract => "-",
        ArithmeticOperator.Multiply => "*",
        ArithmeticOperator.Divide => "/",
        ArithmeticOperator.Modulo => "%",
        _ => "||",
    };

    private static string Symbol(ComparisonOperator op) => op switch
    {
        ComparisonOperator.Equal => "=",
        ComparisonOperator.NotEqual => "<>",
        ComparisonOperator.Less => "<",
        ComparisonOperator.LessOrEqual => "<=",
        ComparisonOperator.Greater => ">",
        ComparisonOperator.GreaterOrEqual => ">=",
        ComparisonOperator.Distinct => "IS DISTINCT FROM",
        _ => "IS NOT DISTINCT FROM",
    };

    private void Infix(Expression left, string symbol, Expression right)
    {
        Prefixed("(", left, $" {symbol} ");
        Prefixed("", right, ")");
    }

    private void Parenthesised(Expression expression, string suffix) => Prefixed("(", expression, $"{suffix})");

    private void Prefixed(string prefix, Expression expression, string suffix)
    {
        Append(prefix);
        Write(expression);
        Append(suffix);
    }

    private void List<T>(IEnumerable<T> items, Action<T> write)
    {
        var separator = "";
        foreach (var item in items)
        {
            Append(separator);
            write(item);
            separator = ", ";
        }
    }

    private void Append(string text) => _out.Append(text);
}
