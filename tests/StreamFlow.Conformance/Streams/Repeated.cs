namespace StreamFlow.Conformance.Streams;

/// <summary>The result of the step <c>repeat</c>: a value several times, not as text.</summary>
internal sealed record Repeated(object Value, int Count);
