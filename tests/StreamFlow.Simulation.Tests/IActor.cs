namespace StreamFlow.Simulation.Tests;

/// <summary>A client in the simulated world.</summary>
internal interface IActor
{
    /// <summary>Does the next thing: mostly one request.</summary>
    Task StepAsync();

    /// <summary>Finishes what is begun, in a world where nothing fails any more, and begins nothing new.</summary>
    Task FinishAsync();

    /// <summary>Compares what the broker has at the end with what this client was told.</summary>
    Task CheckAsync();
}
