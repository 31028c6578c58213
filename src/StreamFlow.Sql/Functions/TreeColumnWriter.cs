using StreamFlow.Sql.Rows;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Functions;

/// <summary>Collects one column as boxed values: lists for arrays, sorted dictionaries for maps, boxed rows for structs.</summary>
internal struct TreeColumnWriter(Stack<TreeColumnWriter.Level> open) : IColumnWriter
{
    /// <summary>The collected value once the column is written.</summary>
    public object? Value { get; private set; }

    public void WriteNull() => Put(null);

    public void WriteBoolean(bool? value) => Put(value);

    public void WriteInt32(int? value) => Put(value);

    public void WriteInt64(long? value) => Put(value);

    public void WriteDouble(double? value) => Put(value);

    public void WriteDecimal(SqlDecimal? value, int precision, int scale) => Put(value);

    public void WriteString(string? value) => Put(value);

    public void WriteBytes(byte[]? value) => Put(value);

    public void WriteDate(SqlDate? value) => Put(value);

    public void WriteTime(SqlTime? value) => Put(value);

    public void WriteTimestamp(SqlTimestamp? value) => Put(value);

    public readonly void BeginArray(int count) => open.Push(new Level([], null));

    public void EndArray() => Put(open.Pop().Items);

    public readonly void BeginMap(int count) => open.Push(new Level(null, new SortedDictionary<string, object?>(StringComparer.Ordinal)));

    public void EndMap() => Put(open.Pop().Entries);

    public void WriteStruct<TStruct>(in TStruct? value)
        where TStruct : struct, IRow<TStruct> => Put(value);

    private void Put(object? value)
    {
        if (open.Count == 0)
        {
            Value = value;
        }
        else
        {
            open.Peek().Add(value);
        }
    }

    /// <summary>An open array or map.</summary>
    internal sealed class Level(List<object?>? items, SortedDictionary<string, object?>? entries)
    {
        private string? _key;

        public List<object?>? Items => items;

        public SortedDictionary<string, object?>? Entries => entries;

        public void Add(object? value)
        {
            if (items is not null)
            {
                items.Add(value);
            }
            else if (_key is null)
            {
                _key = SqlText.OfNullable(value);
            }
            else
            {
                entries![_key] = value;
                _key = null;
            }
        }
    }
}
