using System.Buffers;
using System.Text;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Serialization;
using StreamFlow.Sql.Rows;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Formats.Delimited;

/// <summary>One CSV record a row: quotes are <c>"</c>, doubled inside; an empty field is null; the number of fields must match.</summary>
internal sealed class DelimitedSerde<TRow>(char delimiter) : Serde<TRow>
    where TRow : struct, IRow<TRow>
{
    [ThreadStatic]
    private static StringBuilder? _text;

    public override void Serialize(TRow value, IBufferWriter<byte> output, in SerdeContext context)
    {
        var text = (_text ??= new StringBuilder()).Clear();
        var writer = new DelimitedColumnWriter(text, delimiter);
        for (var i = 0; i < TRow.Schema.Count; i++)
        {
            value.WriteColumn(i, ref writer);
        }

        foreach (var chunk in text.GetChunks())
        {
            Encoding.UTF8.GetBytes(chunk.Span, output);
        }
    }

    public override TRow Deserialize(ReadOnlySpan<byte> data, in SerdeContext context)
    {
        var row = default(TRow);
        var reader = new DelimitedColumnReader(Encoding.UTF8.GetString(data), delimiter);
        try
        {
            for (var i = 0; i < TRow.Schema.Count; i++)
            {
                reader.Next();
                TRow.ReadColumn(ref row, i, ref reader);
            }
        }
        catch (SqlEvaluationException e)
        {
            throw new SerializationException(
                $"A field in the {context.Target} of a record of {context.Topic} cannot be read: {e.Message}", e);
        }

        return reader.AtEnd
            ? row
            : throw new SerializationException(
                $"The {context.Target} of a record of {context.Topic} has more fields than its {TRow.Schema.Count} columns.");
    }
}
