using System.Globalization;
using System.Text.Json;
using StreamFlow.Streams.Testing;

namespace StreamFlow.Conformance.Streams.Bytes;

/// <summary>
/// One internal topic of a case: what is recorded, and how it compares. Repartition and foreign-key topics compare record by record. Of a
/// changelog the rows that an event left behind compare: a flush writes a changed row once, and no row that came and went in between.
/// </summary>
internal sealed class InternalTopic
{
    private readonly string? _kind;
    private readonly ILookup<int, InternalRecord> _records;
    private readonly HashSet<string> _expectedRows = new(StringComparer.Ordinal);
    private readonly HashSet<string> _actualRows = new(StringComparer.Ordinal);

    // Of a versioned store: how far back it takes versions; older ones are recorded though the store refuses them.
    private readonly long? _history;
    private long _newest = long.MinValue;

    public InternalTopic(JsonElement json, JsonElement topology)
    {
        Name = json.Text("topic")!;
        Role = json.Text("role")!;
        _kind = json.Text("kind");
        _records = json.GetProperty("records").EnumerateArray().ToLookup(r => r.GetProperty("event").GetInt32(), InternalRecord.Read);
        var store = topology.EnumerateArray().FirstOrDefault(op => op.Text("store") == json.Text("store"));
        _history = _kind == "versioned" ? store.Milliseconds("historyRetention")?.Ticks / TimeSpan.TicksPerMillisecond : null;
    }

    public string Name { get; }

    public string Role { get; }

    private bool HasTimestamps => _kind is not ("suppress-buffer" or "join-buffer");

    /// <summary>The lines to compare of one event.</summary>
    public List<string> Expected(int index) => Lines(_records[index].Where(IsAccepted), _expectedRows);

    /// <summary>The lines to compare of what was written.</summary>
    public List<string> Actual(IEnumerable<TopicRecord> records) => Lines(
        records.Select(r => new InternalRecord(
            Hex(r.Key), Hex(r.Value), HasTimestamps ? r.Timestamp : null, string.Concat(r.Headers.Select(h => $" {h.Key}={Hex(h.Value)}")))),
        _actualRows);

    private static string Hex(byte[]? bytes) => bytes is null ? "null" : Convert.ToHexStringLower(bytes);

    private bool IsAccepted(InternalRecord record)
    {
        _newest = Math.Max(_newest, record.Timestamp ?? _newest);
        return _history is null || record.Timestamp >= _newest - _history;
    }

    private List<string> Lines(IEnumerable<InternalRecord> records, HashSet<string> rows)
    {
        if (Role != "changelog")
        {
            return [.. records.Select(r => r.ToString())];
        }

        if (_kind == "versioned")
        {
            // Versions of a key are rows of their own, and a deletion is one too.
            var versions = records.GroupBy(r => r.Key + "@" + r.Timestamp?.ToString(CultureInfo.InvariantCulture));
            return [.. versions.Select(v => v.Last().ToString()).Order(StringComparer.Ordinal)];
        }

        var changed = records.GroupBy(r => r.Key).Select(row => row.Last())
            .Where(r => r.Value != "null" ? rows.Add(r.Key) || true : rows.Remove(r.Key));
        return [.. changed.Select(r => r.ToString()).Order(StringComparer.Ordinal)];
    }
}
