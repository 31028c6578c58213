using System.Text.Json;

namespace StreamFlow.Conformance.Streams;

/// <summary>Cogroups.</summary>
internal static class Cogroups
{
    public static object Apply(JsonElement op, CaseContext context) =>
        throw new NotSupportedException($"operation 'cogroup' {op.Text("store")} ({context.Topics.Count} topics)");
}
