using System.Globalization;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Diagnostics;
using static StreamFlow.Sql.Parsing.Generated.StreamFlowSqlParser;

namespace StreamFlow.Sql.Parsing;

internal sealed partial class AstBuilder
{
    private Query Build(QueryContext context) => new(
        Span(context),
        context.selectItem().Select(Build).ToAstList(),
        Build(context.relation()),
        context.joinedRelation().Select(Build).ToAstList(),
        context.windowExpression() is { } window ? Build(window) : null,
        context.where is null ? null : Build(context.where),
        context.groupBy is null ? null : List(context.groupBy),
        context.partitionBy is null ? null : List(context.partitionBy),
        context.having is null ? null : Build(context.having),
        Emit(context),
        OptionalNumber(context.limit));

    private static EmitKind Emit(QueryContext context) => context switch
    {
        _ when context.EMIT() is null => EmitKind.None,
        _ when context.CHANGES() is not null => EmitKind.Changes,
        _ => EmitKind.Final,
    };

    // `GROUP BY a, b` and `GROUP BY (a, b)` mean the same.
    private AstList<Expression> List(ExpressionListContext context) =>
        context.expressionListItem().SelectMany(item => item.expression()).Select(Build).ToAstList();

    private SelectItem Build(SelectItemContext context) => context switch
    {
        SelectStructAllContext c => new SelectStructAll(Span(c), Build(c.primaryExpression())),
        SelectSourceAllContext c => new SelectAll(Span(c), Name(c.identifier())),
        SelectAllContext c => new SelectAll(Span(c), null),
        SelectExpressionContext c => new SelectExpression(Span(c), Build(c.expression()), NameOrNull(c.identifier())),
        _ => throw new InvalidOperationException($"Unknown select item {context.GetType().Name}."),
    };

    private static Relation Build(RelationContext context)
    {
        var names = context.sourceName();
        return new Relation(Span(context), SourceName(names[0]), names.Length > 1 ? SourceName(names[1]) : null);
    }

    private JoinNode Build(JoinedRelationContext context) => new(
        Span(context),
        context.joinType() switch
        {
            LeftJoinContext => JoinKind.Left,
            RightJoinContext => JoinKind.Right,
            FullJoinContext => JoinKind.Full,
            _ => JoinKind.Inner,
        },
        Build(context.relation()),
        context.within() is { } within ? Build(within) : null,
        Build(context.on));

    private static WithinNode Build(WithinContext context)
    {
        var durations = context.duration();
        var before = Duration(durations[0]);
        return new WithinNode(Span(context), before, durations.Length > 1 ? Duration(durations[1]) : before, Grace(context.gracePeriod()));
    }

    private static WindowNode Build(WindowExpressionContext context) => context switch
    {
        TumblingWindowContext c => new WindowNode(
            Span(c), WindowKind.Tumbling, Duration(c.duration()), null, Retention(c.retention()), Grace(c.gracePeriod())),
        HoppingWindowContext c => new WindowNode(
            Span(c), WindowKind.Hopping, Duration(c.size), Duration(c.advance), Retention(c.retention()), Grace(c.gracePeriod())),
        SessionWindowContext c => new WindowNode(
            Span(c), WindowKind.Session, Duration(c.duration()), null, Retention(c.retention()), Grace(c.gracePeriod())),
        _ => throw new InvalidOperationException($"Unknown window {context.GetType().Name}."),
    };

    private static DurationNode? Retention(RetentionContext? context) => context is null ? null : Duration(context.duration());

    private static DurationNode? Grace(GracePeriodContext? context) => context is null ? null : Duration(context.duration());

    private static DurationNode Duration(DurationContext context) =>
        new(Span(context), Number(context.number()), Unit(context.windowUnit()));

    private static WindowUnit Unit(WindowUnitContext context) => Units.TryParse(context.GetText(), out var unit)
        ? unit
        : throw new InvalidOperationException($"The grammar has a unit the builder does not know: {context.GetText()}.");

    private static long? OptionalNumber(NumberContext? context) => context is null ? null : Number(context);

    private static long Number(NumberContext context) =>
        long.TryParse(context.GetText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new SqlException(SqlErrors.BadLiteral, Span(context), $"{context.GetText()} is not a whole number that fits 64 bits.");
}
