namespace StreamFlow.Streams.Runtime;

/// <summary>A step in the life of an application.</summary>
/// <param name="Previous">The state it left.</param>
/// <param name="Current">The state it is in.</param>
/// <param name="Failure">What went wrong, when it did.</param>
public sealed record StateChange(ApplicationState Previous, ApplicationState Current, Exception? Failure);
