using System.Text.Json;
using StreamFlow.Sql.Functions;

namespace StreamFlow.Sql.Execution;

/// <summary>Values of results as JSON.</summary>
public static class SqlJson
{
    /// <summary>
    /// Writes a value of a result row: numbers as numbers, BYTES as base64, dates and times as ISO text, STRUCT and MAP as objects.
    /// </summary>
    /// <param name="json">Where to.</param>
    /// <param name="value">The value, or null.</param>
    public static void Write(Utf8JsonWriter json, object? value) => SortedJsonWriter.Write(json, value);
}
