using StreamFlow.Core.Records;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.CodeGeneration.Runtime;

/// <summary>Header columns of a record.</summary>
public static class HeaderColumns
{
    /// <summary>All headers as an array of structs, made by the generated struct's factory.</summary>
    public static SqlArray<TStruct> All<TStruct>(Headers headers, Func<string, byte[]?, TStruct> create)
    {
        var items = new TStruct[headers.Count];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = create(headers[i].Key, headers[i].Value);
        }

        return new SqlArray<TStruct>(items);
    }

    /// <summary>The value of the last header of a key, or null.</summary>
    public static byte[]? Last(Headers headers, string key) => headers.TryGetLast(key, out var value) ? value : null;
}
