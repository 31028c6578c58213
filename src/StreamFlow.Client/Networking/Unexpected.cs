using StreamFlow.Core.Errors;

namespace StreamFlow.Client.Networking;

/// <summary>Errors that no code foresaw, met by work in the background: they go to whoever waits for that work.</summary>
internal static class Unexpected
{
    /// <summary>The error as one that users see; those that are such already stay as they are.</summary>
    /// <param name="work">What was being done, as in "fetching from broker 1".</param>
    /// <param name="error">What it ran into.</param>
    public static StreamFlowException In(string work, Exception error) => error as StreamFlowException ?? new StreamFlowException(
        $"{work} failed in a way that was not foreseen ({error.GetType().Name}: {error.Message}); this is a fault of StreamFlow: "
            + "report it with the inner exception",
        error);
}
