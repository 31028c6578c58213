using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using StreamFlow.Core.Buffers;

namespace StreamFlow.Sql.Formats.Json;

/// <summary>JSON text without white space, nothing escaped that needs no escape.</summary>
internal static class JsonText
{
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Compact(JsonElement element) => Write(element, static (writer, e) => e.WriteTo(writer));

    public static string Write<TState>(TState state, Action<Utf8JsonWriter, TState> write)
    {
        using var buffer = new PooledBufferWriter();
        using var writer = new Utf8JsonWriter(buffer, Options);
        write(writer, state);
        writer.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
