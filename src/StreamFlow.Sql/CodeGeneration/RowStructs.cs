using StreamFlow.Sql.Planning;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.CodeGeneration;

/// <summary>A generated row struct: its C# name and the C# names of its columns.</summary>
internal sealed record RowStruct(string Name, IReadOnlyList<SqlField> Columns, IReadOnlyList<string> Fields)
{
    public string FieldOf(string column)
    {
        for (var i = 0; i < Columns.Count; i++)
        {
            if (Columns[i].Name == column)
            {
                return Fields[i];
            }
        }

        throw new InvalidOperationException($"{Name} has no column {column}.");
    }
}

/// <summary>The row structs of one query: one for each distinct list of columns.</summary>
internal sealed class RowStructs(CSharpTypes types)
{
    private readonly Dictionary<string, RowStruct> _byColumns = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public CSharpTypes Types => types;

    /// <summary>The struct for these columns; a new one gets a name made from the hint.</summary>
    public RowStruct For(string hint, IEnumerable<SqlField> columns)
    {
        var list = columns.ToList();
        var key = string.Join(", ", list);
        if (!_byColumns.TryGetValue(key, out var row))
        {
            row = new RowStruct(Unique(_names, hint), list, Fields(list));
            _byColumns[key] = row;
        }

        return row;
    }

    public RowStruct For(string hint, IEnumerable<PlanColumn> columns) => For(hint, columns.Select(c => new SqlField(c.Name, c.Type)));

    public void Write(SourceText text)
    {
        foreach (var row in _byColumns.Values)
        {
            new RowStructWriter(text, types).Write(row, isStructValue: false);
        }

        // Writing a struct may meet further structs inside it.
        var written = new HashSet<string>(StringComparer.Ordinal);
        while (types.Structs.Where(s => !written.Contains(s.Value)).ToList() is { Count: > 0 } pending)
        {
            foreach (var (type, name) in pending)
            {
                written.Add(name);
                new RowStructWriter(text, types).Write(new RowStruct(name, type.Fields, Fields(type.Fields)), isStructValue: true);
            }
        }
    }

    public static IReadOnlyList<string> Fields(IEnumerable<SqlField> columns)
    {
        // Members of the struct itself, which no column may hide.
        var taken = new HashSet<string>(
            ["Schema", "ReadColumn", "WriteColumn", "Equals", "GetHashCode", "ToString", "GetType"], StringComparer.Ordinal);
        return [.. columns.Select(c => Unique(taken, CSharpTypes.Identifier(c.Name)))];
    }

    private static string Unique(HashSet<string> taken, string name)
    {
        var unique = name;
        for (var i = 2; !taken.Add(unique); i++)
        {
            unique = $"{name}_{i}";
        }

        return unique;
    }
}
