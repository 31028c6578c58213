using System.Diagnostics.CodeAnalysis;
using StreamFlow.Sql.Formats;
using StreamFlow.Sql.Rows;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Catalog;

/// <summary>A registered stream or table: columns over a topic. Immutable; changes replace it in the catalog.</summary>
public sealed record DataSource
{
    /// <summary>The name, in the case it is stored in.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is a table; else it is a stream.</summary>
    public required bool IsTable { get; init; }

    /// <summary>All columns: key columns first, then value columns, then header columns, each in declared order.</summary>
    public required IReadOnlyList<SourceColumn> Columns { get; init; }

    /// <summary>The topic with the records.</summary>
    public required string Topic { get; init; }

    /// <summary>How keys are written.</summary>
    public required FormatSpec KeyFormat { get; init; }

    /// <summary>
    /// How queries write the keys they give to rows of this source: as its own, or, when it has none, as WITH said all the same.
    /// </summary>
    [AllowNull]
    public FormatSpec KeyFormatOfQueries { get => field ?? KeyFormat; init; }

    /// <summary>How values are written.</summary>
    public required FormatSpec ValueFormat { get; init; }

    /// <summary>How keys are windowed; null when they are not.</summary>
    public WindowSpec? Window { get; init; }

    /// <summary>The column that gives records their time, or null for the record's own timestamp.</summary>
    public string? TimestampColumn { get; init; }

    /// <summary>The pattern of <see cref="TimestampColumn"/> when it is a STRING.</summary>
    public string? TimestampFormat { get; init; }

    /// <summary>Declared as SOURCE: read-only for SQL.</summary>
    public bool IsSource { get; init; }

    /// <summary>Whether WRAP_SINGLE_VALUE was given, which then shows among the features of the format.</summary>
    public bool? WrapSingleValue { get; init; }

    /// <summary>The query that writes it (CREATE ... AS), or null.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>The query whose store holds its rows for pull queries, or null.</summary>
    public string? MaterializedBy { get; init; }

    /// <summary>The statement that created it.</summary>
    public string Sql { get; init; } = "";

    /// <summary>The key columns in order.</summary>
    public IEnumerable<SourceColumn> KeyColumns => Columns.Where(c => c.Role == SourceColumnRole.Key);

    /// <summary>The value columns in order.</summary>
    public IEnumerable<SourceColumn> ValueColumns => Columns.Where(c => c.Role == SourceColumnRole.Value);

    /// <summary>The columns read from headers.</summary>
    public IEnumerable<SourceColumn> HeaderColumns => Columns.Where(c => c.Role == SourceColumnRole.Header);

    /// <summary>The key's schema.</summary>
    public RowSchema KeySchema => new(KeyColumns.Select(c => new SqlField(c.Name, c.Type)));

    /// <summary>The value's schema.</summary>
    public RowSchema ValueSchema => new(ValueColumns.Select(c => new SqlField(c.Name, c.Type)));

    /// <summary>The column of exactly this name, or null.</summary>
    public SourceColumn? Find(string name) => Columns.FirstOrDefault(c => c.Name == name);
}
