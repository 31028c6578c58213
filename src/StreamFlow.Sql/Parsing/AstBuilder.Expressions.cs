using System.Globalization;
using Antlr4.Runtime;
using Antlr4.Runtime.Tree;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Parsing.Generated;
using StreamFlow.Sql.Values;
using static StreamFlow.Sql.Parsing.Generated.StreamFlowSqlParser;

namespace StreamFlow.Sql.Parsing;

internal sealed partial class AstBuilder
{
    public Expression Build(ExpressionContext context) => context switch
    {
        LogicalNotContext c => new NotExpression(Span(c), Build(c.expression())),
        LogicalAndContext c => new LogicalExpression(Span(c), true, Build(c.left), Build(c.right)),
        LogicalOrContext c => new LogicalExpression(Span(c), false, Build(c.left), Build(c.right)),
        PredicatedContext c => c.predicate() is { } predicate
            ? Build(Span(c), Build(c.valueExpression()), predicate)
            : Build(c.valueExpression()),
        _ => throw Unknown(context),
    };

    private AstList<Expression> Expressions(IEnumerable<ExpressionContext> contexts) => contexts.Select(Build).ToAstList();

    private Expression Build(SourceSpan span, Expression value, PredicateContext context) => context switch
    {
        ComparisonPredicateContext c => new ComparisonExpression(span, Operator(c.comparison()), value, Build(c.valueExpression())),
        BetweenPredicateContext c => new BetweenExpression(span, value, Build(c.lower), Build(c.upper), c.NOT() is not null),
        InPredicateContext c => new InExpression(span, value, Expressions(c.expression()), c.NOT() is not null),
        LikePredicateContext c => new LikeExpression(span, value, Build(c.pattern), Escape(c), c.NOT() is not null),
        NullPredicateContext c => new IsNullExpression(span, value, c.NOT() is not null),
        DistinctPredicateContext c => new ComparisonExpression(
            span, c.NOT() is null ? ComparisonOperator.Distinct : ComparisonOperator.NotDistinct, value, Build(c.valueExpression())),
        _ => throw Unknown(context),
    };

    private static string? Escape(LikePredicateContext context)
    {
        var escape = context.escape is null ? null : UnquoteText(context.escape.Text);
        return escape is null or { Length: 1 }
            ? escape
            : throw new SqlException(SqlErrors.BadLiteral, Span(context), "ESCAPE takes exactly one character.");
    }

    private static ComparisonOperator Operator(ComparisonContext context) => context.Start.Type switch
    {
        StreamFlowSqlLexer.EQ => ComparisonOperator.Equal,
        StreamFlowSqlLexer.NEQ => ComparisonOperator.NotEqual,
        StreamFlowSqlLexer.LT => ComparisonOperator.Less,
        StreamFlowSqlLexer.LTE => ComparisonOperator.LessOrEqual,
        StreamFlowSqlLexer.GT => ComparisonOperator.Greater,
        _ => ComparisonOperator.GreaterOrEqual,
    };

    private Expression Build(ValueExpressionContext context) => context switch
    {
        PrimaryValueContext c => Build(c.primaryExpression()),
        AtTimeZoneContext c => new AtTimeZoneExpression(Span(c), Build(c.valueExpression()), Unquote(c.STRING())),
        UnaryContext c => new UnaryExpression(
            Span(c), c.@operator.Type == StreamFlowSqlLexer.MINUS ? UnaryOperator.Minus : UnaryOperator.Plus, Build(c.valueExpression())),
        BinaryContext c => new ArithmeticExpression(Span(c), Operator(c.@operator), Build(c.left), Build(c.right)),
        _ => throw Unknown(context),
    };

    private static ArithmeticOperator Operator(IToken token) => token.Type switch
    {
        StreamFlowSqlLexer.PLUS => ArithmeticOperator.Add,
        StreamFlowSqlLexer.MINUS => ArithmeticOperator.Subtract,
        StreamFlowSqlLexer.STAR => ArithmeticOperator.Multiply,
        StreamFlowSqlLexer.SLASH => ArithmeticOperator.Divide,
        StreamFlowSqlLexer.PERCENT => ArithmeticOperator.Modulo,
        _ => ArithmeticOperator.Concat,
    };

    private Expression Build(PrimaryExpressionContext context) => context switch
    {
        LiteralExpressionContext c => Literal(c.literal()),
        SimpleCaseContext c => Case(c, c.operand, c.whenClause(), c.otherwise),
        SearchedCaseContext c => Case(c, null, c.whenClause(), c.otherwise),
        CastContext c => new CastExpression(Span(c), Build(c.expression()), Build(c.type())),
        ArrayConstructorContext c => new ArrayExpression(Span(c), Expressions(c.expression())),
        MapConstructorContext c => new MapExpression(
            Span(c), c.mapEntry().Select(e => new MapEntryNode(Span(e), Build(e.key), Build(e.value))).ToAstList()),
        StructConstructorContext c => new StructExpression(
            Span(c), c.structEntry().Select(e => new StructFieldValue(Span(e), Name(e.identifier()), Build(e.expression()))).ToAstList()),
        FunctionCallAllContext c => new CallExpression(Span(c), Name(c.identifier()), [], true) { Filter = Filter(c.filterClause()) },
        FunctionCallContext c => new CallExpression(
            Span(c), Name(c.identifier()), c.functionArgument().Select(Build).ToAstList(), false) { Filter = Filter(c.filterClause()) },
        QualifiedColumnContext c => new ColumnExpression(Span(c), Name(c.identifier(0)), Name(c.identifier(1))),
        ColumnContext c => new ColumnExpression(Span(c), null, Name(c.identifier())),
        IntervalUnitContext c => new IntervalUnitExpression(Span(c), UnitOf(c)),
        SubscriptContext c => new SubscriptExpression(Span(c), Build(c.primaryExpression()), Build(c.valueExpression())),
        DereferenceContext c => new DereferenceExpression(Span(c), Build(c.primaryExpression()), Name(c.identifier())),
        ParenthesizedContext c => Build(c.expression()),
        _ => throw Unknown(context),
    };

    private Expression? Filter(FilterClauseContext? context) => context is null ? null : Build(context.expression());

    private static WindowUnit UnitOf(IntervalUnitContext context) =>
        Units.TryParse(context.GetText(), out var unit) ? unit : throw Unknown(context);

    private CaseExpression Case(
        ParserRuleContext context, ExpressionContext? operand, IEnumerable<WhenClauseContext> whens, ExpressionContext? otherwise) => new(
            Span(context),
            operand is null ? null : Build(operand),
            whens.Select(w => new WhenClause(Span(w), Build(w.condition), Build(w.result))).ToAstList(),
            otherwise is null ? null : Build(otherwise));

    private Expression Build(FunctionArgumentContext context) => context.lambda() is { } lambda
        ? new LambdaExpression(Span(lambda), lambda.identifier().Select(Name).ToAstList(), Build(lambda.expression()))
        : Build(context.expression());

    private static TypeNode Build(TypeContext context) => context switch
    {
        ArrayTypeContext c => new ArrayTypeNode(Span(c), Build(c.type())),
        MapTypeContext c => new MapTypeNode(Span(c), Build(c.key), Build(c.value)),
        StructTypeContext c => new StructTypeNode(
            Span(c), c.structField().Select(f => new StructFieldNode(Span(f), Name(f.identifier()), Build(f.type()))).ToAstList()),
        DecimalTypeContext c => DecimalType(c),
        NamedTypeContext c => NamedType(c),
        _ => throw Unknown(context),
    };

    private static DecimalTypeNode DecimalType(DecimalTypeContext context)
    {
        if (int.TryParse(context.precision.Text, out var precision) && int.TryParse(context.scale.Text, out var scale)
            && precision >= 1 && scale <= precision)
        {
            return new DecimalTypeNode(Span(context), precision, scale);
        }

        throw new SqlException(
            SqlErrors.UnknownType, Span(context), $"{context.GetText()} is no type.",
                "precision is at least 1, scale between 0 and precision");
    }

    // Parameters are for DECIMAL alone, except that VARCHAR(STRING) is another spelling of STRING.
    private static NamedTypeNode NamedType(NamedTypeContext context)
    {
        var name = Name(context.identifier());
        var parameters = context.typeParameter();
        if (parameters.Length > 0
            && !(name == "VARCHAR" && parameters is [var only] && only.identifier() is { } id && Name(id) == "STRING"))
        {
            throw new SqlException(SqlErrors.UnknownType, Span(context), $"{name} takes no parameters.");
        }

        return new NamedTypeNode(Span(context), name);
    }

    private static Expression Literal(LiteralContext context) => context switch
    {
        NullLiteralContext c => new NullLiteral(Span(c)),
        BooleanLiteralContext c => new BooleanLiteral(Span(c), c.TRUE() is not null),
        NumberLiteralContext c => NumberLiteral(c),
        StringLiteralContext c => new StringLiteral(Span(c), Unquote(c.STRING())),
        TypedLiteralContext c => new DecimalLiteral(Span(c), Decimal(c, Unquote(c.STRING()))),
        VariableLiteralContext c => new VariableExpression(Span(c), c.GetText()[2..^1]),
        _ => throw Unknown(context),
    };

    private static Expression NumberLiteral(NumberLiteralContext context)
    {
        var (text, span) = (context.GetText(), Span(context));
        var number = context.number();
        if (number.DECIMAL_VALUE() is not null)
        {
            return new DecimalLiteral(span, Decimal(context, text));
        }

        if (number.FLOATING_VALUE() is not null)
        {
            var value = double.Parse(text, CultureInfo.InvariantCulture);
            return double.IsFinite(value)
                ? new DoubleLiteral(span, value)
                : throw new SqlException(SqlErrors.BadLiteral, span, $"{text} is out of DOUBLE's range.");
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var small))
        {
            return new IntegerLiteral(span, small);
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var large)
            ? new BigIntLiteral(span, large)
            : throw new SqlException(SqlErrors.BadLiteral, span, $"{text} is out of BIGINT's range.");
    }

    private static SqlDecimal Decimal(LiteralContext context, string text) => SqlDecimal.TryParse(text.Trim(), out var value)
        ? value
        : throw new SqlException(SqlErrors.BadLiteral, Span(context), $"'{text}' is no DECIMAL.");

    private static string Name(IdentifierContext context) => context switch
    {
        QuotedIdentifierContext c => UnquoteText(c.GetText()),
        _ => context.GetText().ToUpperInvariant(),
    };

    // As written: topics are case-sensitive.
    private static string IdentifierText(IdentifierContext context) =>
        context is QuotedIdentifierContext ? UnquoteText(context.GetText()) : context.GetText();

    private static string? NameOrNull(IdentifierContext? context) => context is null ? null : Name(context);

    private static string Unquote(ITerminalNode node) => UnquoteText(node.GetText());

    private static string UnquoteText(string quoted)
    {
        var quote = quoted[..1];
        return quoted[1..^1].Replace(quote + quote, quote, StringComparison.Ordinal);
    }

    private static InvalidOperationException Unknown(ParserRuleContext context) =>
        new($"The grammar has a rule the builder does not know: {context.GetType().Name}.");
}
