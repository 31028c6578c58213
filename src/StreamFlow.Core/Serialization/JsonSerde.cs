using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using StreamFlow.Core.Errors;

namespace StreamFlow.Core.Serialization;

/// <summary>JSON through System.Text.Json. The writer is kept per thread, so that a record costs no writer.</summary>
internal sealed class JsonSerde<T>(JsonTypeInfo<T> typeInfo) : Serde<T>
{
    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    public override void Serialize(T value, IBufferWriter<byte> output, in SerdeContext context)
    {
        var writer = _writer;
        if (writer is null)
        {
            writer = _writer = new Utf8JsonWriter(
                output, new JsonWriterOptions { Encoder = typeInfo.Options.Encoder, SkipValidation = true });
        }
        else
        {
            writer.Reset(output);
        }

        JsonSerializer.Serialize(writer, value, typeInfo);
        writer.Flush();
    }

    public override T Deserialize(ReadOnlySpan<byte> data, in SerdeContext context)
    {
        try
        {
            return JsonSerializer.Deserialize(data, typeInfo)
                ?? throw new SerializationException(
                    $"a {context.Target} of {context.Topic} is the JSON literal null, not a {typeof(T).Name}");
        }
        catch (JsonException e)
        {
            throw new SerializationException($"a {context.Target} of {context.Topic} is not JSON of a {typeof(T).Name}: {e.Message}", e);
        }
    }
}
