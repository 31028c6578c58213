namespace StreamFlow.Core.Errors;

/// <summary>A record batch whose bytes contradict themselves: wrong length, count, checksum or compression.</summary>
public sealed class CorruptRecordException : StreamFlowException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What is wrong with the batch.</param>
    /// <param name="innerException">The cause, or null.</param>
    public CorruptRecordException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
