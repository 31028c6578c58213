using System.Text.Json;
using StreamFlow.Streams.Testing;

namespace StreamFlow.Conformance.Streams;

/// <summary>Reads one store at the end of a run.</summary>
/// <param name="Name">The store.</param>
/// <param name="KeyType">The type of its keys; for windows of the inner keys.</param>
/// <param name="ValueType">The type of its values.</param>
/// <param name="Read">Gets the rows as the format lists them: key, then value, times or window as the kind says. The events are those of
/// the run.</param>
internal sealed record StoreReader(
    string Name, DataType KeyType, DataType ValueType, Func<TopologyTestDriver, IReadOnlyList<JsonElement>, IEnumerable<object?[]>> Read);
