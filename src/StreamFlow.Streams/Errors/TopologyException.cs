namespace StreamFlow.Streams.Errors;

/// <summary>A topology that is not valid: found while it is described or built, before any record flows.</summary>
public sealed class TopologyException : StreamsException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">Which node or name is wrong, and what to do.</param>
    public TopologyException(string message)
        : base(message)
    {
    }
}
