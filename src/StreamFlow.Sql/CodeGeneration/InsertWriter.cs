using StreamFlow.Sql.Analysis;
using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.CodeGeneration;

/// <summary>
/// Writes the C# that makes the record of an INSERT ... VALUES. The literals are no part of the code, so that statements that differ in
/// nothing else are compiled once.
/// </summary>
internal static class InsertWriter
{
    /// <param name="source">What is inserted into.</param>
    /// <param name="values">The columns that are given.</param>
    /// <param name="literals">The literals that the code is to be given.</param>
    public static GeneratedQuery Write(
        DataSource source, IReadOnlyDictionary<string, BoundExpression> values, out IReadOnlyList<object> literals)
    {
        var given = new List<object>();
        literals = given;
        var types = new CSharpTypes();
        var (rows, constants) = (new RowStructs(types), new Constants());
        var key = rows.For("KeyRow", source.KeySchema.Columns);
        var value = rows.For("ValueRow", source.ValueSchema.Columns);
        var writer = new ExpressionWriter(
            types, constants, name => throw new InvalidOperationException($"A value refers to the column {name}."), given: given);
        string Row(RowStruct row) => $"new {row.Name} {{ " + string.Join(", ", row.Columns
            .Select((c, i) => (Field: row.Fields[i], Column: c.Name))
            .Where(f => values.ContainsKey(f.Column))
            .Select(f => $"{f.Field} = {writer.Write(values[f.Column])}")) + " }";
        var (keyCode, valueCode) = (Row(key), Row(value));
        var time = values.TryGetValue(SystemColumns.RowTime, out var rowTime) ? $"(long?){writer.Write(rowTime)}" : "(long?)null";

        var text = new SourceText();
        QueryWriter.WriteUsings(text);
        text.Line("namespace StreamFlow.Sql.Generated.Insert;");
        text.Line();
        text.Open("public sealed class Query(SqlQueryContext sql)");
        constants.Write(text);
        text.Open("public (byte[]? Key, byte[]? Value, long? Time) Make(string topic, IReadOnlyList<object> literals)");
        text.Line($"var key = {keyCode};");
        text.Line($"var value = {valueCode};");
        text.Line($"var keyBytes = {Bytes("key", key, source.KeyFormat, "Key")};");
        text.Line($"var valueBytes = {Bytes("value", value, source.ValueFormat, "Value")};");
        text.Line($"return (keyBytes, valueBytes, {time});");
        text.Close();
        text.Close();
        rows.Write(text);
        return new GeneratedQuery("StreamFlow.Sql.Generated.Insert.Query", text.ToString());
    }

    // No columns, and a bare null, are no bytes at all.
    private static string Bytes(string variable, RowStruct row, Formats.FormatSpec format, string side)
    {
        var bytes = $"sql.Bytes({variable}, {QueryWriter.Spec(format)}, SerdeTarget.{side}, topic)";
        return row.Columns.Count == 0 ? "(byte[]?)null"
            : format.Unwrapped || (side == "Key" && row.Columns.Count == 1) ? $"{variable}.{row.Fields[0]} is null ? null : {bytes}"
            : bytes;
    }
}
