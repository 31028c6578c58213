namespace StreamFlow.Core.Errors;

/// <summary>A key or value that its serde cannot read or write.</summary>
public sealed class SerializationException : StreamFlowException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What cannot be read or written, and as what.</param>
    /// <param name="innerException">The cause, or null.</param>
    public SerializationException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
