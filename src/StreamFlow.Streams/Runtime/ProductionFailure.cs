namespace StreamFlow.Streams.Runtime;

/// <summary>Marks a failure of a sink, so that the right handler is asked. Never leaves the task.</summary>
internal sealed class ProductionFailure(Exception cause) : Exception(cause.Message, cause);
