using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.CodeGeneration;

/// <summary>Writes a row struct: columns as fields, equality, and what formats need to read and write it.</summary>
internal sealed class RowStructWriter(SourceText text, CSharpTypes types)
{
    private int _variables;

    /// <summary>Writes one struct.</summary>
    /// <param name="row">The struct.</param>
    /// <param name="isStructValue">Whether it is a STRUCT value, which CAST can turn into text, rather than a whole row.</param>
    public void Write(RowStruct row, bool isStructValue)
    {
        text.Line();
        text.Comment(string.Join(", ", row.Columns));
        text.Open($"public struct {row.Name} : IRow<{row.Name}>, IEquatable<{row.Name}>");
        for (var i = 0; i < row.Columns.Count; i++)
        {
            text.Line($"public {types.Nullable(row.Columns[i].Type)} {row.Fields[i]};");
        }

        text.Line();
        var fields = string.Join(
            ", ", row.Columns.Select(c => $"new SqlField({CSharpTypes.Literal(c.Name)}, {CSharpTypes.Expression(c.Type)})"));
        text.Line($"public static RowSchema Schema {{ get; }} = new RowSchema({fields});");
        WriteReadColumn(row);
        WriteWriteColumn(row);
        WriteEquality(row);
        if (isStructValue)
        {
            WriteToString(row);
        }

        text.Close();
    }

    private void WriteReadColumn(RowStruct row)
    {
        text.Line();
        text.Line($"public static void ReadColumn<TReader>(ref {row.Name} row, int ordinal, ref TReader reader)");
        text.Indented(() => text.Line("where TReader : IColumnReader, allows ref struct"));
        WriteSwitch(row, (type, field) => Read(type, $"row.{field}"));
    }

    private void WriteWriteColumn(RowStruct row)
    {
        text.Line();
        text.Line("public readonly void WriteColumn<TWriter>(int ordinal, ref TWriter writer)");
        text.Indented(() => text.Line("where TWriter : IColumnWriter, allows ref struct"));
        WriteSwitch(row, (type, field) => WriteValue(type, field));
    }

    private void WriteSwitch(RowStruct row, Action<SqlType, string> write)
    {
        text.OpenBlock();
        text.Open("switch (ordinal)");
        for (var i = 0; i < row.Columns.Count; i++)
        {
            var index = i;
            text.Line($"case {i}: // {row.Columns[i].Name}");
            text.Indented(() =>
            {
                write(row.Columns[index].Type, row.Fields[index]);
                text.Line("break;");
            });
        }

        text.Close();
        text.Close();
    }

    private void Read(SqlType type, string target)
    {
        switch (type)
        {
            case SqlArrayType array:
                var items = Variable("items");
                text.Open("if (reader.BeginArray())");
                text.Line($"var {items} = new List<{types.Nullable(array.Element)}>();");
                text.Open("while (reader.NextElement())");
                text.Line($"{items}.Add({ReadInto(array.Element)});");
                text.Close();
                text.Line($"{target} = new {types.NotNull(type)}({items}.ToArray());");
                text.Close();
                break;
            case SqlMapType map:
                var entries = Variable("entries");
                text.Open("if (reader.BeginMap())");
                text.Line($"var {entries} = new OrderedDictionary<{types.NotNull(map.Key)}, {types.Nullable(map.Value)}>();");
                text.Open("while (reader.NextEntry())");
                var key = Variable("key");
                text.Line($"var {key} = {ReadInto(map.Key)};");
                text.Line($"{entries}[{key}{(CSharpTypes.IsValueType(map.Key) ? ".GetValueOrDefault()" : "!")}] = {ReadInto(map.Value)};");
                text.Close();
                text.Line($"{target} = new {types.NotNull(type)}({entries});");
                text.Close();
                break;
            default:
                text.Line($"{target} = {ReadInto(type)};");
                break;
        }
    }

    // The expression that reads a value; a collection is read into a variable first.
    private string ReadInto(SqlType type)
    {
        switch (type)
        {
            case SqlArrayType or SqlMapType:
                var variable = Variable("value");
                text.Line($"{types.Nullable(type)} {variable} = null;");
                Read(type, variable);
                return variable;
            case SqlStructType s: return $"reader.ReadStruct<{types.NotNull(s)}>()";
            case SqlDecimalType d: return $"reader.ReadDecimal({d.Precision}, {d.Scale})";
            default: return $"reader.Read{Kind(type)}()";
        }
    }

    private void WriteValue(SqlType type, string value)
    {
        switch (type)
        {
            case SqlArrayType array:
                var items = Variable("items");
                var item = Variable("item");
                OpenUnlessNull(value, items);
                text.Line($"writer.BeginArray({items}.Count);");
                text.Open($"foreach (var {item} in {items}.AsSpan())");
                WriteValue(array.Element, item);
                text.Close();
                text.Line("writer.EndArray();");
                text.Close();
                break;
            case SqlMapType map:
                var entries = Variable("entries");
                var entry = Variable("entry");
                OpenUnlessNull(value, entries);
                text.Line($"writer.BeginMap({entries}.Count);");
                text.Open($"foreach (var {entry} in {entries})");
                WriteValue(map.Key, $"{entry}.Key");
                WriteValue(map.Value, $"{entry}.Value");
                text.Close();
                text.Line("writer.EndMap();");
                text.Close();
                break;
            case SqlStructType s:
                text.Line($"writer.WriteStruct<{types.NotNull(s)}>({value});");
                break;
            case SqlDecimalType d:
                text.Line($"writer.WriteDecimal({value}, {d.Precision}, {d.Scale});");
                break;
            default:
                text.Line($"writer.Write{Kind(type)}({value});");
                break;
        }
    }

    private void OpenUnlessNull(string value, string variable)
    {
        text.Open($"if ({value} is not {{ }} {variable})");
        text.Line("writer.WriteNull();");
        text.Close();
        text.Open("else");
    }

    private static string Kind(SqlType type) => type.BaseType switch
    {
        SqlBaseType.Integer => "Int32",
        SqlBaseType.BigInt => "Int64",
        _ => type.BaseType.ToString(),
    };

    private void WriteEquality(RowStruct row)
    {
        var equal = row.Fields.Select((f, i) => $"SqlEquality<{types.Nullable(row.Columns[i].Type)}>.AreEqual({f}, other.{f})");
        text.Line();
        text.Line($"public readonly bool Equals({row.Name} other) => {(row.Fields.Count == 0 ? "true" : string.Join(" && ", equal))};");
        text.Line();
        text.Line($"public override readonly bool Equals(object? other) => other is {row.Name} row && Equals(row);");
        text.Line();
        text.Open("public override readonly int GetHashCode()");
        text.Line("var hash = default(HashCode);");
        for (var i = 0; i < row.Fields.Count; i++)
        {
            text.Line($"hash.Add(SqlEquality<{types.Nullable(row.Columns[i].Type)}>.Hash({row.Fields[i]}));");
        }

        text.Line("return hash.ToHashCode();");
        text.Close();
    }

    // As a STRUCT reads when it is cast to STRING; null fields are left out.
    private void WriteToString(RowStruct row)
    {
        text.Line();
        text.Open("public override readonly string ToString()");
        text.Line("var fields = new List<string>();");
        for (var i = 0; i < row.Fields.Count; i++)
        {
            text.Open($"if ({row.Fields[i]} is not null)");
            text.Line($"fields.Add({CSharpTypes.Literal(row.Columns[i].Name + "=")} + SqlText.OfNullable({row.Fields[i]}));");
            text.Close();
        }

        text.Line("return \"Struct{\" + string.Join(\",\", fields) + \"}\";");
        text.Close();
    }

    private string Variable(string name) => $"{name}{++_variables}";
}
