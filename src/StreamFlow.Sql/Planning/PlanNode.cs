using StreamFlow.Sql.Analysis;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.Formats;
using StreamFlow.Sql.Functions.Resolution;

namespace StreamFlow.Sql.Planning;

/// <summary>An operator of a logical plan; its input stands below it, its output has <see cref="Schema"/>.</summary>
internal abstract record PlanNode(PlanSchema Schema)
{
    /// <summary>Whether the output is a table (updates by key) or a stream (facts).</summary>
    public required bool IsTable { get; init; }

    /// <summary>How the keys of the output are windowed; null when they are not.</summary>
    public WindowSpec? Window { get; init; }

    /// <summary>How keys are written wherever the output goes through a topic.</summary>
    public required FormatSpec KeyFormat { get; init; }
}

/// <summary>
/// Reads a stream or table: its <see cref="ReadColumns"/> of the value. <see cref="SystemColumns"/> are added under the names given.
/// </summary>
internal sealed record SourceNode(
    PlanSchema Schema,
    DataSource Source,
    string Alias,
    IReadOnlyList<SourceColumn> ReadColumns,
    IReadOnlyList<SystemColumn> SystemColumns) : PlanNode(Schema);

/// <summary>A system or header column a source adds to its value.</summary>
/// <param name="Column">ROWTIME, ROWPARTITION, ROWOFFSET, WINDOWSTART, WINDOWEND or the name of a header column.</param>
/// <param name="Name">The name in the stage.</param>
internal sealed record SystemColumn(string Column, string Name);

internal sealed record FilterNode(PlanSchema Schema, PlanNode Input, BoundExpression Condition, string Sql) : PlanNode(Schema);

/// <summary>A named expression; <see cref="Sql"/> is what it was written as.</summary>
internal sealed record NamedExpression(string Name, BoundExpression Value, string Sql);

/// <summary>Computes a new value. The key stays as it is, but its columns get the names of <see cref="PlanNode.Schema"/>.</summary>
internal sealed record ProjectNode(PlanSchema Schema, PlanNode Input, IReadOnlyList<NamedExpression> Values) : PlanNode(Schema);

/// <summary>
/// Computes a new key (none for PARTITION BY NULL), and has it written in another format. The value keeps the columns of
/// <see cref="PlanNode.Schema"/>. A table only gets the key it has, for another format.
/// </summary>
internal sealed record RekeyNode(PlanSchema Schema, PlanNode Input, IReadOnlyList<NamedExpression> Keys) : PlanNode(Schema);

/// <summary>Makes a row of each element that table functions return, side by side, the short ones padded with null.</summary>
internal sealed record TableFunctionNode(PlanSchema Schema, PlanNode Input, IReadOnlyList<NamedExpression> Calls) : PlanNode(Schema);

/// <summary>One aggregate of an aggregation.</summary>
/// <param name="Name">The column of its result.</param>
/// <param name="Call">The aggregate.</param>
/// <param name="Arguments">What it takes of each row.</param>
/// <param name="Filter">Which rows it takes; null for all.</param>
/// <param name="Sql">What it was written as.</param>
internal sealed record AggregateColumn(
    string Name, AggregateCall Call, IReadOnlyList<BoundExpression> Arguments, BoundExpression? Filter, string Sql);

/// <summary>
/// Groups and aggregates. The output's key are the group's columns, its value the results of the aggregates.
/// </summary>
internal sealed record AggregateNode(
    PlanSchema Schema,
    PlanNode Input,
    IReadOnlyList<NamedExpression> GroupBy,
    IReadOnlyList<AggregateColumn> Aggregates,
    WindowNode? WindowClause,
    bool KeepsKey,
    bool EmitFinal) : PlanNode(Schema);

internal sealed record StreamStreamJoinNode(
    PlanSchema Schema, PlanNode Left, PlanNode Right, JoinKind Kind, WithinNode Within) : PlanNode(Schema);

internal sealed record StreamTableJoinNode(PlanSchema Schema, PlanNode Left, PlanNode Right, JoinKind Kind) : PlanNode(Schema);

internal sealed record TableTableJoinNode(PlanSchema Schema, PlanNode Left, PlanNode Right, JoinKind Kind) : PlanNode(Schema);

/// <summary>Joins each row of a table to the row of another that one of its expressions names.</summary>
internal sealed record ForeignKeyJoinNode(
    PlanSchema Schema, PlanNode Left, PlanNode Right, JoinKind Kind, NamedExpression ForeignKey) : PlanNode(Schema);

/// <summary>Where a persistent query writes.</summary>
/// <param name="Input">What it writes.</param>
/// <param name="Sink">The stream or table it writes to.</param>
/// <param name="QueryId">The query's id.</param>
internal sealed record QueryPlan(PlanNode Input, DataSource? Sink, string QueryId)
{
    /// <summary>All sources, left to right.</summary>
    public required IReadOnlyList<DataSource> Sources { get; init; }

    /// <summary>The statement, for comments in the generated code.</summary>
    public required string Sql { get; init; }

    /// <summary>Whether it keeps its result in a store and sends it nowhere.</summary>
    public bool IsMaterialization { get; init; }

    /// <summary>Rows a transient query ends after; null for no end.</summary>
    public long? Limit { get; init; }
}
