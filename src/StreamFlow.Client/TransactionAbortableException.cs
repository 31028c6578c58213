using StreamFlow.Core.Errors;

namespace StreamFlow.Client;

/// <summary>The open transaction cannot be committed any more. Abort it; the producer is usable afterwards.</summary>
public sealed class TransactionAbortableException : StreamFlowException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What failed.</param>
    /// <param name="innerException">The first failure inside the transaction.</param>
    public TransactionAbortableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
