namespace StreamFlow.Core.Errors;

/// <summary>
/// The root of every error a user of StreamFlow can see. The message says what failed, where, and what to do;
/// a subclass exists only where a caller would react differently.
/// </summary>
public class StreamFlowException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What failed, where, and what to do about it.</param>
    /// <param name="innerException">The cause, or null.</param>
    public StreamFlowException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Whether the same call may succeed when it is made again later.</summary>
    public virtual bool IsRetriable => false;
}
