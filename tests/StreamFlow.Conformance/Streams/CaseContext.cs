using System.Text.Json;
using StreamFlow.Streams.Dsl;

namespace StreamFlow.Conformance.Streams;

/// <summary>What the interpreter of one case keeps: the builder, the topics' types, the ids, the stores to compare.</summary>
internal sealed class CaseContext(JsonElement json, StreamsBuilder builder)
{
    private readonly Dictionary<string, object> _ids = new(StringComparer.Ordinal);

    public StreamsBuilder Builder { get; } = builder;

    /// <summary>Whether generated names are compared: then no operator may be added that the case does not name.</summary>
    public bool HasKafkaNames { get; } = HasKafkaNamesIn(json);

    /// <summary>Key and value type of each topic.</summary>
    public Dictionary<string, (DataType Key, DataType Value)> Topics { get; } = json.GetProperty("topics").EnumerateObject()
        .ToDictionary(
            t => t.Name,
            t => (DataType.Read(t.Value.GetProperty("key")), DataType.Read(t.Value.GetProperty("value"))),
            StringComparer.Ordinal);

    /// <summary>Readers of the stores that the topology names.</summary>
    public List<StoreReader> Stores { get; } = [];

    /// <summary>Cases of bytes have no quirks, and topics with generated names.</summary>
    public static bool HasKafkaNamesIn(JsonElement json) => !json.TryGetProperty("quirks", out _)
        || json.GetProperty("name").GetString()!.StartsWith("names/", StringComparison.Ordinal);

    public object this[string id] => _ids[id];

    public T Get<T>(JsonElement op, string property)
        where T : class
    {
        var id = op.GetProperty(property).GetString()!;
        return _ids[id] as T ?? throw new NotSupportedException(
            $"'{property}' of '{id}', which is a {_ids[id].GetType().Name}");
    }

    public void Define(JsonElement op, object? result)
    {
        if (result is not null && op.TryGetProperty("id", out var id))
        {
            _ids[id.GetString()!] = result;
        }
    }
}
