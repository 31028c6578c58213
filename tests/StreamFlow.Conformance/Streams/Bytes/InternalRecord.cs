using System.Globalization;
using System.Text;
using System.Text.Json;

namespace StreamFlow.Conformance.Streams.Bytes;

/// <summary>A record as text; bytes in hex, absent ones <c>null</c>.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value.</param>
/// <param name="Timestamp">The time in ms; null when none is given or compared.</param>
/// <param name="Headers">A blank, name and value for each header.</param>
internal sealed record InternalRecord(string Key, string Value, long? Timestamp, string Headers)
{
    public static InternalRecord Read(JsonElement json) => new(
        json.Text("key") ?? "null",
        json.Text("value") ?? "null",
        json.GetProperty("timestamp") is { ValueKind: JsonValueKind.Number } time ? time.GetInt64() : null,
        json.TryGetProperty("headers", out var headers) ? HeaderText(headers) : string.Empty);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Key} -> {Value} @{Timestamp?.ToString(CultureInfo.InvariantCulture) ?? "-"}{Headers}");

    private static string HeaderText(JsonElement headers)
    {
        var text = new StringBuilder();
        foreach (var header in headers.EnumerateArray())
        {
            text.Append(CultureInfo.InvariantCulture, $" {header[0].GetString()}={header[1].GetString() ?? "null"}");
        }

        return text.ToString();
    }
}
