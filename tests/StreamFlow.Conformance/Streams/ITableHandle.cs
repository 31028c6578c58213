using System.Text.Json;

namespace StreamFlow.Conformance.Streams;

/// <summary>A table under an id, whatever its key and value types are.</summary>
internal interface ITableHandle
{
    DataType? KeyType { get; }

    DataType? ValueType { get; }

    /// <summary>Applies an operation that has a single table as input.</summary>
    object? Apply(string op, JsonElement json, CaseContext context);
}
