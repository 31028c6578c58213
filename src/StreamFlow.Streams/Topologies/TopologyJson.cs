using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Topologies;

/// <summary>Writes a topology as JSON: for tools, and to be kept beside a release for <see cref="TopologyDiff"/>.</summary>
internal static class TopologyJson
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(Topology topology)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            json.WriteStartArray("subtopologies");
            foreach (var part in topology.Subtopologies)
            {
                WritePart(json, part);
            }

            json.WriteEndArray();
            if (topology.Global is { } global)
            {
                json.WritePropertyName("global");
                WritePart(json, global);
            }

            json.WriteStartArray("internalTopics");
            foreach (var topic in topology.RepartitionTopics)
            {
                json.WriteStartObject();
                json.WriteString("name", topic.Name);
                if (topic.Partitions is { } partitions)
                {
                    json.WriteNumber("partitions", partitions);
                }

                WriteTypes(json, topic.Types);

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("copartitioned");
            foreach (var group in topology.CopartitionGroups)
            {
                WriteNames(json, null, group);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void WritePart(Utf8JsonWriter json, Subtopology part)
    {
        json.WriteStartObject();
        json.WriteNumber("id", part.Id);
        json.WriteStartArray("nodes");
        foreach (var node in part.Nodes)
        {
            WriteNode(json, node);
        }

        json.WriteEndArray();
        json.WriteStartArray("stores");
        foreach (var store in part.Stores)
        {
            WriteStore(json, store);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteNode(Utf8JsonWriter json, GraphNode node)
    {
        json.WriteStartObject();
        json.WriteString("name", node.Name);
        switch (node)
        {
            case SourceGraphNode { Pattern: { } pattern }:
                json.WriteString("kind", "source");
                json.WriteString("pattern", pattern.ToString());
                break;
            case SourceGraphNode source:
                json.WriteString("kind", "source");
                WriteNames(json, "topics", source.Topics);
                break;
            case SinkGraphNode sink:
                json.WriteString("kind", "sink");
                if (sink.Topic is not null)
                {
                    json.WriteString("topic", sink.Topic);
                }

                break;
            default:
                json.WriteString("kind", "processor");
                WriteNames(json, "stores", node.AllStoreNames().Order(StringComparer.Ordinal));
                break;
        }

        WriteNames(json, "successors", node.Children.Select(n => n.Name));
        json.WriteEndObject();
    }

    private static void WriteStore(Utf8JsonWriter json, StoreBuilder builder)
    {
        var store = builder.Descriptor;
        json.WriteStartObject();
        json.WriteString("name", store.Name);
        json.WriteString("kind", store.Kind.ToString());
        json.WriteBoolean("logged", store.IsLogged);
        json.WriteNumber("retentionMs", store.RetentionMs);
        json.WriteBoolean("duplicates", store.RetainsDuplicates);
        if (store.SourceTopic is not null)
        {
            json.WriteString("sourceTopic", store.SourceTopic);
        }

        WriteTypes(json, builder.Types);
        json.WriteEndObject();
    }

    private static void WriteTypes(Utf8JsonWriter json, TypePair? types)
    {
        if (types is not null)
        {
            json.WriteString("key", TypePair.NameOf(types.Key));
            json.WriteString("value", TypePair.NameOf(types.Value));
        }
    }

    private static void WriteNames(Utf8JsonWriter json, string? property, IEnumerable<string> names)
    {
        if (property is not null)
        {
            json.WritePropertyName(property);
        }

        json.WriteStartArray();
        foreach (var name in names)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
    }
}
