using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.Formats;
using StreamFlow.Sql.Planning;

namespace StreamFlow.Sql.CodeGeneration;

/// <summary>
/// An operator in generated code: the variable that holds it, its row structs, and where each column of its schema is found.
/// Keys are always of a nullable type, so that streams without a key, or with some null keys, need no other code.
/// </summary>
/// <param name="Variable">The C# variable.</param>
/// <param name="IsTable">Whether it is a KTable; else it is a KStream.</param>
/// <param name="Key">The struct of the key.</param>
/// <param name="Value">The struct of the value.</param>
/// <param name="Columns">C# expressions of the columns, over the parameters <c>key</c> and <c>row</c>.</param>
/// <param name="Window">How keys are windowed, or null.</param>
/// <param name="KeyFormat">How keys are written.</param>
internal sealed record Stage(
    string Variable,
    bool IsTable,
    RowStruct Key,
    RowStruct Value,
    IReadOnlyDictionary<string, string> Columns,
    WindowSpec? Window,
    FormatSpec KeyFormat)
{
    public string KeyType => Window is null ? $"{Key.Name}?" : $"Windowed<{Key.Name}?>";

    public string ValueType => Value.Name;

    public string Access(string column) => Columns.TryGetValue(column, out var code)
        ? code
        : throw new InvalidOperationException($"{Variable} has no column {column}; it has {string.Join(", ", Columns.Keys)}.");

    /// <summary>Where the columns of a key are: in <c>key</c>, or in <c>key.Key</c> below a window.</summary>
    public static IEnumerable<KeyValuePair<string, string>> KeyColumns(
        IEnumerable<PlanColumn> columns, RowStruct key, WindowSpec? window) =>
        columns.Select((c, i) => KeyValuePair.Create(c.Name, $"{(window is null ? "key" : "key.Key")}?.{key.Fields[i]}"));

    public static IEnumerable<KeyValuePair<string, string>> ValueColumns(IEnumerable<PlanColumn> columns, RowStruct value) =>
        columns.Select((c, i) => KeyValuePair.Create(c.Name, $"row.{value.Fields[i]}"));
}
