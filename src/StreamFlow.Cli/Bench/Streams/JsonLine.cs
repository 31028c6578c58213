using System.Text.Encodings.Web;
using System.Text.Json;

namespace StreamFlow.Cli.Bench.Streams;

/// <summary>A result as one JSON object on a line, fields in the order in which they were set.</summary>
internal static class JsonLine
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Print(OrderedDictionary<string, object> line) => Console.Out.WriteLine(JsonSerializer.Serialize(line, Options));
}
