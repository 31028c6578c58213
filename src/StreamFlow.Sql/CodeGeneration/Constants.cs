namespace StreamFlow.Sql.CodeGeneration;

/// <summary>Names of a query: values that are made once, as static fields of the generated class, and pattern variables.</summary>
internal sealed class Constants
{
    private readonly Dictionary<string, (string Name, string Type)> _fields = new(StringComparer.Ordinal);
    private int _variables;

    /// <summary>A name for a pattern variable that no other expression of the query has.</summary>
    public string NextVariable() => $"v{++_variables}";

    /// <summary>Declares a value and gives the name of its field; equal values share one.</summary>
    public string Add(string type, string initializer)
    {
        if (!_fields.TryGetValue(initializer, out var field))
        {
            field = ($"Constant{_fields.Count + 1}", type);
            _fields[initializer] = field;
        }

        return field.Name;
    }

    public void Write(SourceText text)
    {
        foreach (var (initializer, (name, type)) in _fields)
        {
            text.Line($"private static readonly {type} {name} = {initializer};");
        }

        if (_fields.Count > 0)
        {
            text.Line();
        }
    }
}
