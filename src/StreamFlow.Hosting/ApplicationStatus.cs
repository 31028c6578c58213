using StreamFlow.Streams.Runtime;

namespace StreamFlow.Hosting;

/// <summary>Where an application of a host is in its life.</summary>
/// <param name="Name">Its name in the host.</param>
/// <param name="State">Its state.</param>
/// <param name="Failure">What went wrong, when it did; else null.</param>
public sealed record ApplicationStatus(string Name, ApplicationState State, Exception? Failure);
