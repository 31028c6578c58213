using System.Buffers;
using System.Text.Json;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Serialization;
using StreamFlow.Sql.Rows;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Formats.Json;

/// <summary>Rows as JSON: an object of the columns, or (unwrapped) the bare value of the only one.</summary>
/// <remarks>Reads and writes struct columns straight from and to UTF-8; nothing but the values themselves is allocated.</remarks>
/// <param name="unwrapped">Whether the only column is written bare.</param>
/// <param name="nulls">Names that are written with null behind the columns.</param>
internal sealed class JsonRowSerde<TRow>(bool unwrapped, params JsonEncodedText[] nulls) : Serde<TRow>
    where TRow : struct, IRow<TRow>
{
    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    public override void Serialize(TRow value, IBufferWriter<byte> output, in SerdeContext context)
    {
        var json = _writer ??= new Utf8JsonWriter(output, WriterOptions);
        json.Reset(output);
        var writer = new JsonColumnWriter(json);
        if (unwrapped)
        {
            value.WriteColumn(0, ref writer);
        }
        else
        {
            JsonColumnWriter.WriteRow(json, value, nulls);
        }

        json.Flush();
    }

    public override TRow Deserialize(ReadOnlySpan<byte> data, in SerdeContext context)
    {
        try
        {
            var reader = new JsonColumnReader(data);
            var row = default(TRow);
            if (unwrapped)
            {
                TRow.ReadColumn(ref row, 0, ref reader);
            }
            else
            {
                row = reader.ReadStruct<TRow>() ?? default;
            }

            reader.ExpectEnd();
            return row;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or SqlEvaluationException)
        {
            throw new SerializationException($"The {context.Target} of a record of {context.Topic} is not valid JSON: {e.Message}", e);
        }
    }
}
