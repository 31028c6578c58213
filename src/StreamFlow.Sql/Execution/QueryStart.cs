using StreamFlow.Sql.CodeGeneration;

namespace StreamFlow.Sql.Execution;

/// <summary>What it takes to start a persistent query.</summary>
/// <param name="Code">Its code.</param>
/// <param name="SourceTopics">The topics it reads.</param>
/// <param name="SinkTopic">The topic it writes, or null.</param>
/// <param name="FromBeginning">Whether it begins at the beginning of topics it has no position in.</param>
/// <param name="Properties">Settings of this query alone.</param>
internal sealed record QueryStart(
    GeneratedQuery Code, IReadOnlyList<string> SourceTopics, string? SinkTopic, bool FromBeginning,
    IReadOnlyDictionary<string, string> Properties);
