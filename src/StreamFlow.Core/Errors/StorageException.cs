namespace StreamFlow.Core.Errors;

/// <summary>The disk refused: no room, read-only, an I/O error, or a directory that somebody else holds.</summary>
public class StorageException : StreamFlowException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What failed on which file, and what to do.</param>
    /// <param name="innerException">The cause, or null.</param>
    public StorageException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <inheritdoc/>
    public override bool IsRetriable => true;
}
