using System.Text.Json;

namespace StreamFlow.Conformance.Streams;

/// <summary>Joins and global tables.</summary>
internal static class Joins
{
    public static object Apply(string word, JsonElement op, CaseContext context) =>
        throw new NotSupportedException($"operation '{word}' {op.Text("type")} ({context.Topics.Count} topics)");
}
