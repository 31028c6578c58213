using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.Execution;

namespace StreamFlow.Cli.Bench.Nexmark;

/// <summary>
/// A query's final result: a line a row, columns joined by tabs, lines sorted by their bytes. Of a table the last row of a key stands, of
/// a stream every row. Column order is that of the value's JSON.
/// </summary>
internal sealed class NexmarkAnswer
{
    private readonly List<byte[]> _lines;

    private NexmarkAnswer(List<byte[]> lines)
    {
        lines.Sort(static (x, y) => x.AsSpan().SequenceCompareTo(y));
        _lines = lines;
    }

    public int Rows => _lines.Count;

    /// <summary>The lines, each without its line feed.</summary>
    public IReadOnlyList<byte[]> Lines => _lines;

    /// <summary>SHA-256 of the lines, each ended by a line feed, in lower-case hex.</summary>
    public string Sha256()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var line in _lines)
        {
            hash.AppendData(line);
            hash.AppendData("\n"u8);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public async Task WriteAsync(Stream output, CancellationToken cancellation)
    {
        foreach (var line in _lines)
        {
            await output.WriteAsync(line, cancellation);
            await output.WriteAsync("\n"u8.ToArray(), cancellation);
        }
    }

    public static async Task<NexmarkAnswer> ReadAsync(string query, DataSource sink, ISqlRuntime runtime, CancellationToken cancellation)
    {
        var rows = new List<string>();
        var byKey = new Dictionary<string, string>(StringComparer.Ordinal);
        await foreach (var record in runtime.ReadAsync(sink.Topic, fromBeginning: true, untilEnd: true, cancellation))
        {
            if (!sink.IsTable)
            {
                rows.Add(Line(record.Value!));
                continue;
            }

            var key = Convert.ToHexString(record.Key!);
            if (record.Value is null)
            {
                byKey.Remove(key);
            }
            else
            {
                byKey[key] = Line(record.Value);
            }
        }

        IEnumerable<string> lines = sink.IsTable ? byKey.Values : rows;
        return new([.. (query == "q12" ? SumsPerBidder(lines) : lines).Select(Encoding.UTF8.GetBytes)]);
    }

    /// <summary>Windows of the machine's clock differ from run to run; what must be equal is the sum of each bidder's counts.</summary>
    private static IEnumerable<string> SumsPerBidder(IEnumerable<string> lines) => lines.Select(l => l.Split('\t'))
        .GroupBy(cells => cells[0], StringComparer.Ordinal)
        .Select(g => string.Create(CultureInfo.InvariantCulture,
            $"{g.Key}\t{g.Sum(cells => long.Parse(cells[1], CultureInfo.InvariantCulture))}"));

    private static string Line(byte[] json)
    {
        using var row = JsonDocument.Parse(json);
        return string.Join('\t', row.RootElement.EnumerateObject().Select(column => column.Value.ValueKind switch
        {
            JsonValueKind.Null => "\\N",
            JsonValueKind.String => column.Value.GetString(),
            _ => column.Value.GetRawText(),
        }));
    }
}
