using StreamFlow.Sql.Execution.Printing;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Execution;

/// <summary>What a statement gave.</summary>
/// <param name="Sql">The statement's text.</param>
public abstract record SqlResult(string Sql);

/// <summary>The statement changed something, or found nothing to change.</summary>
/// <param name="Sql">The statement's text.</param>
/// <param name="Message">What was done.</param>
/// <param name="QueryId">The persistent query it started, or null.</param>
public sealed record SqlDone(string Sql, string Message, string? QueryId = null) : SqlResult(Sql)
{
    /// <summary>Whether the catalog or a query changed, so that the statement has to be kept.</summary>
    internal bool IsChange { get; init; }
}

/// <summary>A finished table: SHOW, DESCRIBE.</summary>
/// <param name="Sql">The statement's text.</param>
/// <param name="Columns">Column titles.</param>
/// <param name="Rows">The rows, one text a column; null is null.</param>
public sealed record SqlListing(string Sql, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string?>> Rows) : SqlResult(Sql);

/// <summary>A text: EXPLAIN, generated code.</summary>
/// <param name="Sql">The statement's text.</param>
/// <param name="Text">The text, several lines.</param>
public sealed record SqlReport(string Sql, string Text) : SqlResult(Sql);

/// <summary>Rows as they arrive: push and pull queries, PRINT.</summary>
/// <param name="Sql">The statement's text.</param>
/// <param name="QueryId">The transient query's id.</param>
/// <param name="Columns">The columns of the rows.</param>
/// <param name="Rows">The rows; enumerate them once. Ending the enumeration ends the query.</param>
public sealed record SqlRows(string Sql, string QueryId, IReadOnlyList<SqlResultColumn> Columns, IAsyncEnumerable<SqlRow> Rows)
    : SqlResult(Sql)
{
    /// <summary>Whether all rows are there already: those of a pull query.</summary>
    public bool IsFinished { get; init; }
}

/// <summary>Records of a topic as they arrive: PRINT.</summary>
/// <param name="Sql">The statement's text.</param>
/// <param name="Topic">The topic.</param>
/// <param name="Records">The records; enumerate them once.</param>
public sealed record SqlPrint(string Sql, string Topic, IAsyncEnumerable<PrintedRecord> Records) : SqlResult(Sql);

/// <summary>A column of a result.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The type.</param>
/// <param name="IsKey">Whether it is a key column (pull queries on tables).</param>
public sealed record SqlResultColumn(string Name, SqlType Type, bool IsKey = false);

/// <summary>One row of a result.</summary>
/// <param name="Values">A value for each column: the non-nullable CLR type of the column's SQL type, or null.</param>
/// <param name="IsTombstone">Whether the row was deleted; only key columns are filled then.</param>
public sealed record SqlRow(IReadOnlyList<object?> Values, bool IsTombstone = false);
