using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using StreamFlow.Core.Buffers;
using StreamFlow.Core.Records;
using StreamFlow.Core.Topics;

namespace StreamFlow.Cli.Shell;

/// <summary>
/// Formats records into a buffer that is flushed a batch at a time. The format is kcat's: <c>%t</c> topic, <c>%p</c> partition,
/// <c>%o</c> offset, <c>%k</c> key, <c>%s</c> value, <c>%T</c> timestamp (ms), <c>%h</c> headers, <c>%K</c> and <c>%S</c> lengths (-1
/// null).
/// </summary>
internal sealed class RecordPrinter : IDisposable
{
    private readonly PooledBufferWriter _output = new(1 << 16);
    private readonly byte[]? _format;

    private RecordPrinter(byte[]? format) => _format = format;

    /// <summary>A printer of JSON objects, of kcat's format, or of plain values one a line.</summary>
    public static RecordPrinter For(OutputFormat output, string? format) =>
        new(output == OutputFormat.Json && format is null ? null : Unescape(format ?? "%s\\n"));

    public void Add(TopicPartition partition, in RecordView record)
    {
        if (_format is null)
        {
            AddJson(partition, record);
        }
        else
        {
            AddFormatted(partition, record, _format);
        }
    }

    public async ValueTask FlushAsync(Stream stdout, CancellationToken cancellation)
    {
        await stdout.WriteAsync(_output.WrittenMemory, cancellation);
        await stdout.FlushAsync(cancellation);
        _output.Clear();
    }

    public void Dispose() => _output.Dispose();

    private static byte[] Unescape(string format) => Encoding.UTF8.GetBytes(format
        .Replace("\\n", "\n", StringComparison.Ordinal)
        .Replace("\\t", "\t", StringComparison.Ordinal)
        .Replace("\\r", "\r", StringComparison.Ordinal)
        .Replace("\\0", "\0", StringComparison.Ordinal));

    private void AddFormatted(TopicPartition partition, in RecordView record, ReadOnlySpan<byte> format)
    {
        while (format.Length > 0)
        {
            var at = format.IndexOf((byte)'%');
            if (at < 0 || at == format.Length - 1)
            {
                _output.Write(format);
                return;
            }

            _output.Write(format[..at]);
            AddField((char)format[at + 1], partition, record);
            format = format[(at + 2)..];
        }
    }

    private void AddField(char field, TopicPartition partition, in RecordView record)
    {
        switch (field)
        {
            case 't': _output.Write(Encoding.UTF8.GetBytes(partition.Topic)); break;
            case 'p': AddNumber(partition.Partition); break;
            case 'o': AddNumber(record.Offset); break;
            case 'k': _output.Write(record.Key); break;
            case 's': _output.Write(record.Value); break;
            case 'T': AddNumber(record.Timestamp); break;
            case 'K': AddNumber(record.HasKey ? record.Key.Length : -1); break;
            case 'S': AddNumber(record.HasValue ? record.Value.Length : -1); break;
            case 'h': AddHeaders(record.ReadHeaders()); break;
            case '%': _output.Write("%"u8); break;
            default: throw new UsageException($"-f: %{field} is not a field; there are %t %p %o %k %s %T %h %K %S %%");
        }
    }

    private void AddNumber(long value)
    {
        Utf8Formatter.TryFormat(value, _output.GetSpan(20), out var written);
        _output.Advance(written);
    }

    private void AddHeaders(Headers headers)
    {
        for (var i = 0; i < headers.Count; i++)
        {
            _output.Write(i == 0 ? ""u8 : ","u8);
            _output.Write(Encoding.UTF8.GetBytes(headers[i].Key + "="));
            _output.Write(headers[i].Value ?? "NULL"u8);
        }
    }

    private void AddJson(TopicPartition partition, in RecordView record)
    {
        using (var json = new Utf8JsonWriter(_output))
        {
            json.WriteStartObject();
            json.WriteString("topic"u8, partition.Topic);
            json.WriteNumber("partition"u8, partition.Partition);
            json.WriteNumber("offset"u8, record.Offset);
            json.WriteNumber("timestamp"u8, record.Timestamp);
            json.WriteString("key"u8, record.HasKey ? Encoding.UTF8.GetString(record.Key) : null);
            json.WriteString("value"u8, record.HasValue ? Encoding.UTF8.GetString(record.Value) : null);
            json.WriteStartArray("headers"u8);
            foreach (var header in record.ReadHeaders())
            {
                json.WriteStartObject();
                json.WriteString("key"u8, header.Key);
                json.WriteString("value"u8, header.Value is null ? null : Encoding.UTF8.GetString(header.Value));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        _output.Write("\n"u8);
    }
}
