using StreamFlow.Core.Errors;

namespace StreamFlow.Streams.Errors;

/// <summary>A topology that cannot be built, or a record that a task could not take through it.</summary>
public class StreamsException : StreamFlowException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What failed, where (node, task, topic, partition, offset), and what to do.</param>
    /// <param name="innerException">The cause, or null.</param>
    public StreamsException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
