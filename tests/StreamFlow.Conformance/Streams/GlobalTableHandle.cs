using StreamFlow.Streams.Dsl;

namespace StreamFlow.Conformance.Streams;

/// <summary>A global table under an id.</summary>
internal sealed record GlobalTableHandle(GlobalKTable<object, object> Table);
