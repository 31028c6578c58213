using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.Execution;
using StreamFlow.Sql.Formats;
using StreamFlow.Sql.Testing.Cases;
using StreamFlow.Sql.Testing.Encoding;
using StreamFlow.Sql.Testing.Values;

namespace StreamFlow.Sql.Testing.Running;

/// <summary>Compares the expected outputs topic by topic: same number, same order, every part equal.</summary>
internal sealed class OutputCheck(SqlCase test, SqlEngine engine, TestRuntime runtime, ISchemaRegistry registry)
{
    private readonly ValueComparer _comparer = new(test.ExactNumbers);

    public void Run()
    {
        foreach (var topic in test.Outputs.GroupBy(o => o.Topic, StringComparer.Ordinal))
        {
            var source = engine.Catalog.Sources.FirstOrDefault(s => s.Topic == topic.Key)
                ?? throw new CaseFailedException($"no source is registered on the output topic {topic.Key}");
            Compare(topic.Key, [.. topic], runtime.Find(topic.Key)?.Records ?? [], source);
        }
    }

    private void Compare(string topic, List<CaseRecord> expected, List<SqlRecord> actual, DataSource source)
    {
        var key = TopicCodecs.Key(source, registry);
        var value = TopicCodecs.Value(source, registry);
        var decoded = actual.ConvertAll(r => Decode(r, source, key, value));
        for (var i = 0; i < Math.Min(expected.Count, decoded.Count); i++)
        {
            if (!Matches(expected[i], decoded[i], actual[i]))
            {
                throw new CaseFailedException($"{topic}[{i}] expected {Show(expected[i])} actual {decoded[i]}");
            }
        }

        if (expected.Count != decoded.Count)
        {
            var more = decoded.Count > expected.Count
                ? $"first unexpected {decoded[expected.Count]}"
                : $"first missing {Show(expected[decoded.Count])}";
            throw new CaseFailedException($"{topic} expected {expected.Count} records actual {decoded.Count}: {more}");
        }
    }

    private static DecodedRecord Decode(SqlRecord record, DataSource source, ISideCodec key, ISideCodec value)
    {
        var keyBytes = record.Key;
        CaseWindow? window = null;
        if (keyBytes is not null && source.Window is { } spec)
        {
            (keyBytes, window) = WindowedKeys.Unwrap(keyBytes, spec.SizeMs);
        }

        return new DecodedRecord(
            keyBytes is null ? ActualValue.Null : key.Decode(keyBytes),
            record.Value is null ? ActualValue.Null : value.Decode(record.Value),
            record.Timestamp,
            window);
    }

    private bool Matches(CaseRecord expected, DecodedRecord actual, SqlRecord record) =>
        _comparer.Matches(expected.Key, actual.Key)
        && _comparer.Matches(expected.Value, actual.Value)
        && expected.Window == actual.Window
        && (expected.Timestamp is not { } timestamp || timestamp == actual.Timestamp || (timestamp == 0 && test.Inputs.Count == 0))
        && MatchesHeaders(expected, record);

    private static bool MatchesHeaders(CaseRecord expected, SqlRecord actual)
    {
        if (expected.Headers.Count != actual.Headers.Count)
        {
            return false;
        }

        for (var i = 0; i < expected.Headers.Count; i++)
        {
            var header = actual.Headers[i];
            var value = expected.Headers[i].Value;
            if (header.Key != expected.Headers[i].Key || (value is null) != (header.Value is null)
                || (value is not null && !value.AsSpan().SequenceEqual(header.Value)))
            {
                return false;
            }
        }

        return true;
    }

    private static string Show(CaseRecord r) =>
        $"{r.Key?.GetRawText() ?? "null"} -> {r.Value?.GetRawText() ?? "null"}"
        + $"{(r.Timestamp is { } t ? $" @{t}" : string.Empty)}{(r.Window is { } w ? $" {w}" : string.Empty)}";

    private sealed record DecodedRecord(ActualValue Key, ActualValue Value, long Timestamp, CaseWindow? Window)
    {
        public override string ToString() => $"{Key} -> {Value} @{Timestamp}{(Window is { } w ? $" {w}" : string.Empty)}";
    }
}
