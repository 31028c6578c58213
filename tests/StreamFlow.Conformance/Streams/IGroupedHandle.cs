using System.Text.Json;

namespace StreamFlow.Conformance.Streams;

/// <summary>A grouped or windowed stream under an id.</summary>
internal interface IGroupedHandle
{
    object Apply(string op, JsonElement json, CaseContext context);
}
