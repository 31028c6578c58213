using System.Globalization;

namespace StreamFlow.Streams.Topologies;

/// <summary>
/// Names the nodes and stores of one topology. With Kafka's numbering the order of calls is part of the contract: every
/// generated name, and every name a user replaced, takes one number.
/// </summary>
internal sealed class NodeNames(TopologyNaming naming)
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private int _counter;

    public bool IsKafka => naming == TopologyNaming.Kafka;

    /// <summary>Stores and internal topics that got a generated name.</summary>
    public List<string> GeneratedResources { get; } = [];

    /// <summary>Names an operator. A given name still takes a number.</summary>
    /// <param name="kind">The operator.</param>
    /// <param name="given">The user's name; null to generate one.</param>
    /// <param name="parents">The names of its inputs; a source's are its topics.</param>
    public string Node(OperatorKind kind, string? given, params ReadOnlySpan<string> parents)
    {
        var generated = Generate(kind.Prefix, string.Empty, kind.Word, given is null, parents);
        return given is null ? generated : Names.Check(given, "operator");
    }

    /// <summary>Names a store; takes a number only when it is not given.</summary>
    public string Store(OperatorKind kind, string? given, params ReadOnlySpan<string> parents)
    {
        if (given is not null)
        {
            return Names.Check(given, "store");
        }

        var name = Generate(kind.Prefix, "STATE-STORE-", kind.Word + ".store", true, parents);
        GeneratedResources.Add(name);
        return name;
    }

    /// <summary>Names a topic's store.</summary>
    public string TopicStore(string topic, string? given)
    {
        if (given is not null)
        {
            return Names.Check(given, "store");
        }

        return Generate(topic + "-STATE-STORE-", string.Empty, "store", true, [topic]);
    }

    /// <summary>Takes numbers without a use for them, where Kafka Streams does.</summary>
    public void Burn(int count = 1) => _counter += count;

    /// <summary>
    /// Names the three nodes of a repartition. A base name of the user's or a store's replaces the generated node names only when given.
    /// </summary>
    /// <param name="baseName">The topic's name without prefix and suffix.</param>
    /// <param name="nodeBase">The base for node names; null to generate them.</param>
    /// <param name="hasFilter">Whether there is a filter for null keys (grouped tables have none).</param>
    public RepartitionNames Repartition(string baseName, string? nodeBase, bool hasFilter = true)
    {
        var topic = baseName.EndsWith(RepartitionNames.Suffix, StringComparison.Ordinal) ? baseName : baseName + RepartitionNames.Suffix;
        var sink = Numbered("KSTREAM-SINK-");
        var filter = hasFilter ? Numbered("KSTREAM-FILTER-") : string.Empty;
        var source = Numbered("KSTREAM-SOURCE-");
        if (IsKafka && nodeBase is null)
        {
            return new RepartitionNames(topic, sink, filter, source);
        }

        var stem = nodeBase is null || !IsKafka
            ? topic
            : nodeBase.EndsWith(RepartitionNames.Suffix, StringComparison.Ordinal) ? nodeBase : nodeBase + RepartitionNames.Suffix;
        return new RepartitionNames(topic, stem + "-sink", stem + "-filter", stem + "-source");
    }

    private string Numbered(string prefix) => prefix + (_counter++).ToString("D10", CultureInfo.InvariantCulture);

    private string Generate(string prefix, string infix, string word, bool isUsed, ReadOnlySpan<string> parents)
    {
        var numbered = Numbered(prefix + infix);
        if (IsKafka || !isUsed)
        {
            return numbered;
        }

        var stem = Names.Clean(string.Join('.', parents) + "." + word);
        if (stem.Length > Names.MaxLength - 40)
        {
            stem = StableHash.Shorten(stem);
        }

        var name = stem;
        for (var i = 2; !_taken.Add(name); i++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{stem}-{i}");
        }

        return name;
    }
}
