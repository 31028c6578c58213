namespace StreamFlow.Sql.Rows;

/// <summary>
/// What generated row structs (key rows, value rows and STRUCT values) offer to formats: every column can be read from and
/// written to bytes by its ordinal, statically typed, without reflection or boxing.
/// </summary>
/// <typeparam name="TSelf">The row struct itself.</typeparam>
public interface IRow<TSelf>
    where TSelf : struct, IRow<TSelf>
{
    /// <summary>The columns; always the same instance for one row type.</summary>
    static abstract RowSchema Schema { get; }

    /// <summary>Reads the value the reader stands on into a column of the row. Columns that are never read stay null.</summary>
    static abstract void ReadColumn<TReader>(ref TSelf row, int ordinal, ref TReader reader)
        where TReader : IColumnReader, allows ref struct;

    /// <summary>Writes a column of the row, null included, as one value.</summary>
    void WriteColumn<TWriter>(int ordinal, ref TWriter writer)
        where TWriter : IColumnWriter, allows ref struct;
}
