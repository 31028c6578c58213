using StreamFlow.Protocol.Generator.Definitions;

namespace StreamFlow.Protocol.Tests.Support;

/// <summary>The definitions that the library was generated from, parsed once.</summary>
internal static class DefinitionSet
{
    public static IReadOnlyList<DefinitionFile> Files { get; } = Directory
        .EnumerateFiles(Repository.Definitions, "*.message", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .Select(path => DefinitionParser.Parse(path, File.ReadAllText(path)))
        .ToList();

    public static IReadOnlyDictionary<string, MessageDefinition> Messages { get; } =
        Files.SelectMany(f => f.Messages).ToDictionary(m => m.Name, StringComparer.Ordinal);

    /// <summary>The names of all messages, for theories.</summary>
    public static TheoryData<string> Names => new(Messages.Keys.Order(StringComparer.Ordinal));

    public static Type TypeOf(MessageDefinition message) =>
        typeof(IVersioned).Assembly.GetType("StreamFlow.Protocol.Messages." + message.Name, throwOnError: true)!;

    public static IEnumerable<short> VersionsOf(MessageDefinition message)
    {
        for (var version = message.Versions.Lowest; version <= message.Versions.Highest; version++)
        {
            yield return (short)version;
        }
    }
}
