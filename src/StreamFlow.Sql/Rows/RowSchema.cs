using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Rows;

/// <summary>The columns of one side (key or value) of a record, or the fields of a struct, in order.</summary>
public sealed class RowSchema
{
    private readonly SqlField[] _columns;

    /// <summary>Creates a schema of these columns; names must differ.</summary>
    public RowSchema(params IEnumerable<SqlField> columns) => _columns = [.. columns];

    /// <summary>A schema without columns.</summary>
    public static RowSchema Empty { get; } = new();

    /// <summary>Number of columns.</summary>
    public int Count => _columns.Length;

    /// <summary>The columns in order; an index into them is a column's ordinal.</summary>
    public IReadOnlyList<SqlField> Columns => _columns;

    /// <summary>The column at an ordinal.</summary>
    public SqlField this[int ordinal] => _columns[ordinal];

    /// <summary>The ordinal of the column of exactly this name, or -1.</summary>
    public int IndexOf(string name) => Array.FindIndex(_columns, c => string.Equals(c.Name, name, StringComparison.Ordinal));

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", _columns.AsEnumerable());
}
