using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Analysis;

/// <summary>A stream or table as a query names it, and which of its columns the query uses.</summary>
/// <param name="alias">The name in the query.</param>
/// <param name="source">What it stands for.</param>
/// <param name="prefixed">Whether columns carry the alias in front of their names, as they do below joins.</param>
internal sealed class SourceReference(string alias, DataSource source, bool prefixed)
{
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    public string Alias => alias;

    public DataSource Source => source;

    /// <summary>The name of a column inside the query.</summary>
    public string StageName(string column) => prefixed ? $"{alias}_{column}" : column;

    /// <summary>The type of a declared or system column, or null.</summary>
    public SqlType? TypeOf(string column) => source.Find(column)?.Type ?? column switch
    {
        SystemColumns.WindowStart or SystemColumns.WindowEnd when source.Window is null => null,
        _ => SystemColumns.TypeOf(column),
    };

    public void Use(string column) => _used.Add(column);

    public bool Uses(string column) => _used.Contains(column);

    /// <summary>
    /// The value columns that are read: the used ones, where the format finds columns by name so that the others need not be parsed; else
    /// all. One at least, since a row has a column.
    /// </summary>
    public IReadOnlyList<SourceColumn> ReadColumns()
    {
        var all = source.ValueColumns.ToList();
        if (source.ValueFormat.Name != "JSON" || all.DistinctBy(c => c.Name, StringComparer.OrdinalIgnoreCase).Count() < all.Count)
        {
            return all;
        }

        var used = all.FindAll(c => Uses(c.Name) || c.Name == source.TimestampColumn);
        return used.Count > 0 ? used : [.. all.Take(1)];
    }

    /// <summary>The used columns that are not simply read from key or value: system columns and headers.</summary>
    public IEnumerable<string> UsedExtras => _used
        .Where(c => source.Find(c) is null or { Role: SourceColumnRole.Header })
        .Order(StringComparer.Ordinal);

    /// <summary>The columns <c>*</c> stands for: key, value, headers; with window bounds behind the key when asked for.</summary>
    public IEnumerable<string> AllColumns(bool withWindowBounds)
    {
        var bounds = withWindowBounds && source.Window is not null
            ? [SystemColumns.WindowStart, SystemColumns.WindowEnd]
            : Array.Empty<string>();
        return source.KeyColumns.Select(c => c.Name).Concat(bounds).Concat(
            source.Columns.Where(c => c.Role != SourceColumnRole.Key).Select(c => c.Name));
    }
}
