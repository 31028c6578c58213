using System.Collections;

namespace StreamFlow.RocksDb;

/// <summary>The column families to open, by name. The default family is always among them.</summary>
public sealed class ColumnFamilies : IEnumerable<KeyValuePair<string, ColumnFamilyOptions>>
{
    private readonly List<KeyValuePair<string, ColumnFamilyOptions>> _families = [];

    /// <summary>Creates the list with the default family.</summary>
    /// <param name="defaultOptions">Options of the default family.</param>
    public ColumnFamilies(ColumnFamilyOptions defaultOptions) => Add(ColumnFamilyHandle.DefaultName, defaultOptions);

    /// <summary>Number of families.</summary>
    public int Count => _families.Count;

    /// <summary>Adds a family.</summary>
    public void Add(string name, ColumnFamilyOptions options) => _families.Add(new(name, options));

    /// <summary>True when a family of this name is listed.</summary>
    public bool Contains(string name) => _families.Exists(family => family.Key == name);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, ColumnFamilyOptions>> GetEnumerator() => _families.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
