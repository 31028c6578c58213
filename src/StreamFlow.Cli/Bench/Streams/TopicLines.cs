using StreamFlow.Core.Records;

namespace StreamFlow.Cli.Bench.Streams;

/// <summary>The lines of a topic: one a record, or one a key.</summary>
internal sealed class TopicLines(bool isFinalPerKey)
{
    private readonly List<byte[]> _all = [];
    private readonly Dictionary<string, byte[]> _final = new(StringComparer.Ordinal);

    public void Add(in RecordView record)
    {
        if (!isFinalPerKey)
        {
            _all.Add(Line(in record));
            return;
        }

        // Latin-1 maps bytes to characters one by one: equal strings are equal bytes.
        var key = System.Text.Encoding.Latin1.GetString(record.Key);
        if (record.HasValue)
        {
            _final[key] = Line(in record);
        }
        else
        {
            _final.Remove(key);
        }
    }

    /// <summary>All lines, sorted by their bytes.</summary>
    public List<byte[]> Sorted()
    {
        List<byte[]> lines = isFinalPerKey ? [.. _final.Values] : _all;
        lines.Sort(static (a, b) => a.AsSpan().SequenceCompareTo(b));
        return lines;
    }

    private static byte[] Line(in RecordView record) => [.. record.Key, (byte)'\t', .. record.Value];
}
