using System.Buffers;
using System.Text.Json;
using StreamFlow.Core.Errors;

namespace StreamFlow.Sql.Execution.Commands;

/// <summary>
/// A statement in the command log, as a JSON object:
/// <c>{"version":1,"engine":"...","queryNumber":3,"properties":{"auto.offset.reset":"earliest"},"statement":"CREATE ..."}</c>.
/// The format may not change: a reader refuses versions and fields it does not know.
/// </summary>
/// <param name="Engine">The engine that executed it, which skips it when it reads the log.</param>
/// <param name="QueryNumber">The number a query got that it started; it is part of the query's id.</param>
/// <param name="Properties">The session's properties when it was executed.</param>
/// <param name="Statement">The statement without its semicolon, variables replaced.</param>
internal sealed record CommandRecord(
    string Engine, int QueryNumber, IReadOnlyDictionary<string, string> Properties, string Statement)
{
    private const int Version = 1;

    public byte[] ToBytes()
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteString("engine", Engine);
            json.WriteNumber("queryNumber", QueryNumber);
            json.WriteStartObject("properties");
            foreach (var (name, value) in Properties)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
            json.WriteString("statement", Statement);
            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads a command.</summary>
    /// <exception cref="SerializationException">The bytes are none, or one of a newer version.</exception>
    public static CommandRecord Parse(byte[]? bytes)
    {
        try
        {
            using var json = JsonDocument.Parse(bytes ?? throw new SerializationException("it is empty"));
            var root = json.RootElement;
            if (root.GetProperty("version").GetInt32() is var version && version != Version)
            {
                throw new SerializationException($"it has version {version}, but this program knows version {Version} only");
            }

            return new CommandRecord(
                Text(root, "engine"),
                root.GetProperty("queryNumber").GetInt32(),
                root.GetProperty("properties").EnumerateObject().ToDictionary(
                    p => p.Name, p => p.Value.GetString() ?? "", StringComparer.Ordinal),
                Text(root, "statement"));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new SerializationException($"it is no command: {e.Message}", e);
        }
    }

    private static string Text(JsonElement root, string name) =>
        root.GetProperty(name).GetString() ?? throw new SerializationException($"its {name} is null");
}
