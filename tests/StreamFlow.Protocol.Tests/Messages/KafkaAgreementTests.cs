using StreamFlow.Protocol.Tests.Support;

namespace StreamFlow.Protocol.Tests.Messages;

/// <summary>
/// Our definitions against Kafka's own message files: every version that both have must have the same fields. Kafka 4 dropped old
/// versions that 3.9 still had; those are compared with the files of 3.9.
/// </summary>
public sealed class KafkaAgreementTests
{
    /// <summary>Defaults that we chose otherwise; they do not show on the wire.</summary>
    private static readonly HashSet<string> OwnDefaults = ["FetchResponse: Responses.Partitions.AbortedTransactions"];

    public static TheoryData<string> Files()
    {
        var data = new TheoryData<string>();
        foreach (var folder in new[] { ".", "coordinator-records", "legacy-3.9" })
        {
            var path = Path.Combine(Repository.KafkaMessages ?? "missing", folder);
            var files = Directory.Exists(path) ? Directory.GetFiles(path, "*.json") : [];
            foreach (var file in files.Order(StringComparer.Ordinal))
            {
                if (DefinitionSet.Messages.ContainsKey(Path.GetFileNameWithoutExtension(file)))
                {
                    data.Add(Path.Combine(folder, Path.GetFileName(file)));
                }
            }
        }

        if (Repository.KafkaMessages is null)
        {
            data.Add("(missing)");
        }

        return data;
    }

    [KafkaMessagesTheory]
    [MemberData(nameof(Files))]
    public void Layout_is_Kafkas_in_every_common_version(string path)
    {
        var kafka = KafkaMessageFile.Read(Path.Combine(Repository.KafkaMessages!, path));
        var ours = DefinitionSet.Messages[kafka.Name];
        var common = ours.Versions.Intersect(kafka.Versions);
        for (var version = common.Lowest; version <= common.Highest; version++)
        {
            Assert.Equal(Strip(kafka.Name, kafka.LayoutOf(version)), Strip(kafka.Name, Layout.Of(ours, version)));
        }
    }

    [KafkaMessagesTheory]
    [MemberData(nameof(Files))]
    public void Versions_and_key_are_Kafkas(string path)
    {
        var kafka = KafkaMessageFile.Read(Path.Combine(Repository.KafkaMessages!, path));
        var ours = DefinitionSet.Messages[kafka.Name];
        var file = DefinitionSet.Files.Single(f => f.Messages.Contains(ours));
        if (kafka.ApiKey is { } key)
        {
            Assert.Equal(key, file.Key);
        }

        if (!path.StartsWith("legacy", StringComparison.Ordinal))
        {
            Assert.Equal(kafka.Versions.Highest, ours.Versions.Highest);
            Assert.True(ours.Versions.Contains(kafka.Versions), $"{ours.Name}: Kafka has {kafka.Versions}, we have {ours.Versions}");
        }
    }

    [KafkaMessagesTheory]
    [InlineData(".")]
    [InlineData("coordinator-records")]
    public void Every_message_of_Kafka_is_defined(string folder)
    {
        // Authenticated principals are passed between brokers only.
        var missing = Directory.EnumerateFiles(Path.Combine(Repository.KafkaMessages!, folder), "*.json")
            .Select(Path.GetFileNameWithoutExtension)
            .Where(name => name != "DefaultPrincipalData" && !DefinitionSet.Messages.ContainsKey(name!));
        Assert.Empty(missing);
    }

    private static List<string> Strip(string message, List<string> layout) => layout
        .Select(line => OwnDefaults.Contains($"{message}: {line.Split(": ")[0]}") ? line.Split(" = ")[0] : line)
        .ToList();
}
