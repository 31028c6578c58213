using System.Text.Json;

namespace StreamFlow.Conformance.Streams;

/// <summary>A stream under an id, whatever its key and value types are.</summary>
internal interface IStreamHandle
{
    /// <summary>The key's type; null when an operator has made it unknown.</summary>
    DataType? KeyType { get; }

    /// <summary>The value's type; null when an operator has made it unknown.</summary>
    DataType? ValueType { get; }

    /// <summary>Applies an operation that has a single stream as input.</summary>
    object? Apply(string op, JsonElement json, CaseContext context);

    IStreamHandle Merge(IStreamHandle other, string? name);
}
