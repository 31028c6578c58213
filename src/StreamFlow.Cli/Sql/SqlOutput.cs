using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using StreamFlow.Sql.Execution;
using StreamFlow.Sql.Execution.Printing;
using StreamFlow.Sql.Values;

namespace StreamFlow.Cli.Sql;

/// <summary>
/// Prints results: tables for a terminal, tab-separated lines elsewhere, or one JSON object a line. Rows of queries are printed as they
/// arrive. Everything goes to stdout or to the file of <see cref="Redirect"/>; messages go to stderr.
/// </summary>
internal sealed class SqlOutput(bool isJson) : IDisposable
{
    // Lines for programs and people, not for HTML.
    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private StreamWriter? _file;

    /// <summary>One JSON object a line.</summary>
    public bool IsJson { get; set; } = isJson;

    /// <summary>Each column on a line of its own (<c>\x</c>).</summary>
    public bool IsExpanded { get; set; }

    /// <summary>Whether tables that are known as a whole are printed with columns of equal width.</summary>
    public bool IsAligned => !IsJson && !IsExpanded && IsForPeople;

    private TextWriter Out => _file ?? Console.Out;

    private bool IsForPeople => _file is null && !Console.IsOutputRedirected;

    /// <summary>Sends results to a file from now on; null for stdout again.</summary>
    public void Redirect(string? path)
    {
        _file?.Dispose();
        _file = path is null ? null : new StreamWriter(path, append: true) { AutoFlush = true };
    }

    public void Dispose() => Redirect(null);

    public void Report(string text)
    {
        if (IsJson)
        {
            WriteJson([("text", text)]);
        }
        else
        {
            Out.WriteLine(text);
        }
    }

    /// <summary>A finished table.</summary>
    public void Listing(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string?>> rows)
    {
        if (!IsAligned)
        {
            var number = 0;
            foreach (var row in rows)
            {
                Row(columns, [.. row], ++number, isTombstone: false);
            }

            return;
        }

        var widths = columns.Select((c, i) => rows.Select(r => Length(r[i])).Append(c.Length).Max()).ToArray();
        Out.WriteLine(Aligned(columns, widths));
        Out.WriteLine(string.Join("-+-", widths.Select(w => new string('-', w))));
        foreach (var row in rows)
        {
            Out.WriteLine(Aligned(row, widths));
        }
    }

    /// <summary>The titles of rows that follow.</summary>
    public void Titles(IReadOnlyList<string> columns)
    {
        if (IsAligned)
        {
            Out.WriteLine(string.Join(" | ", columns));
        }
    }

    /// <summary>One row of a query.</summary>
    public void Row(IReadOnlyList<string> columns, IReadOnlyList<object?> values, long number, bool isTombstone)
    {
        if (IsJson)
        {
            var fields = columns.Zip(values);
            WriteJson(isTombstone ? [.. fields, ("@tombstone", true)] : fields);
        }
        else if (IsExpanded)
        {
            Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"-[ {number} ]-"));
            var width = columns.Max(c => c.Length);
            foreach (var (column, value) in columns.Zip(values))
            {
                Out.WriteLine($"{column.PadRight(width)} | {Text(value)}");
            }
        }
        else
        {
            var line = string.Join(IsForPeople ? " | " : "\t", values.Select(Text));
            Out.WriteLine(isTombstone ? $"{line}{(IsForPeople ? " | " : "\t")}<TOMBSTONE>" : line);
        }
    }

    /// <summary>One record of PRINT.</summary>
    public void Record(PrintedRecord record)
    {
        if (IsJson)
        {
            WriteJson(
            [
                ("rowtime", record.Timestamp), ("key", record.Key), ("value", record.Value), ("partition", record.Partition),
                ("offset", record.Offset), ("keyFormat", record.KeyFormat), ("valueFormat", record.ValueFormat),
            ]);
        }
        else
        {
            Out.WriteLine(record.ToString());
        }
    }

    /// <summary>A line among results.</summary>
    public void Line(string text)
    {
        if (!IsJson)
        {
            Out.WriteLine(text);
        }
    }

    private void WriteJson(IEnumerable<(string Name, object? Value)> fields)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonOptions))
        {
            json.WriteStartObject();
            foreach (var (name, value) in fields)
            {
                json.WritePropertyName(name);
                SqlJson.Write(json, value);
            }

            json.WriteEndObject();
        }

        Out.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static string Aligned(IReadOnlyList<string?> cells, int[] widths) =>
        string.Join(" | ", cells.Select((cell, i) => OneLine(cell).PadRight(widths[i]))).TrimEnd();

    private static int Length(string? cell) => OneLine(cell).Length;

    private static string OneLine(string? cell) => (cell ?? "").ReplaceLineEndings(" ");

    private static string Text(object? value) => SqlText.OfNullable(value);
}
