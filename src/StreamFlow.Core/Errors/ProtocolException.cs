namespace StreamFlow.Core.Errors;

/// <summary>
/// Bytes from the network that are not what the protocol says. The connection they came from cannot be used any further.
/// </summary>
public class ProtocolException : StreamFlowException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What is malformed, naming API, version and byte position where they are known.</param>
    /// <param name="innerException">The cause, or null.</param>
    public ProtocolException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
