using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using StreamFlow.Sql.Formats.Json;
using StreamFlow.Sql.Rows;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Functions;

/// <summary>Writes any SQL value as TO_JSON_STRING wants it: fields and keys sorted, temporal types as ISO text.</summary>
internal static class SortedJsonWriter
{
    private static readonly MethodInfo FieldsMethod =
        typeof(SortedJsonWriter).GetMethod(nameof(Fields), BindingFlags.NonPublic | BindingFlags.Static)!;

    // Row types come from assemblies that may be unloaded with their query: a weak table does not hold them.
    private static readonly ConditionalWeakTable<Type, Func<object, SortedDictionary<string, object?>>> RowReaders = [];

    public static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case int number:
                json.WriteNumberValue(number);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case double number:
                JsonColumnWriter.WriteJavaDouble(json, number);
                break;
            case SqlDecimal number:
                json.WriteRawValue(number.ToString());
                break;
            case byte[] bytes:
                json.WriteBase64StringValue(bytes);
                break;
            case string or SqlDate or SqlTime or SqlTimestamp:
                json.WriteStringValue(value.ToString());
                break;
            case SortedDictionary<string, object?> fields:
                WriteFields(json, fields);
                break;
            case ISqlMap map:
                WriteFields(json, map.ToSorted());
                break;
            case IEnumerable items:
                WriteItems(json, items);
                break;
            default:
                WriteFields(json, RowReaders.GetValue(value.GetType(), MakeRowReader)(value));
                break;
        }
    }

    private static void WriteFields(Utf8JsonWriter json, SortedDictionary<string, object?> fields)
    {
        json.WriteStartObject();
        foreach (var (name, value) in fields)
        {
            json.WritePropertyName(name);
            Write(json, value);
        }

        json.WriteEndObject();
    }

    private static void WriteItems(Utf8JsonWriter json, IEnumerable items)
    {
        json.WriteStartArray();
        foreach (var item in items)
        {
            Write(json, item);
        }

        json.WriteEndArray();
    }

    private static Func<object, SortedDictionary<string, object?>> MakeRowReader(Type type) =>
        FieldsMethod.MakeGenericMethod(type).CreateDelegate<Func<object, SortedDictionary<string, object?>>>();

    private static SortedDictionary<string, object?> Fields<TRow>(object boxed)
        where TRow : struct, IRow<TRow>
    {
        var fields = new SortedDictionary<string, object?>(StringComparer.Ordinal);
        var row = (TRow)boxed;
        for (var i = 0; i < TRow.Schema.Count; i++)
        {
            var writer = new TreeColumnWriter([]);
            row.WriteColumn(i, ref writer);
            fields[TRow.Schema[i].Name] = writer.Value;
        }

        return fields;
    }
}
