namespace StreamFlow.Streams.Errors;

/// <summary>What to do about a failed record.</summary>
public enum ErrorResponse
{
    /// <summary>
    /// Stop the task with <see cref="RecordFailedException"/>; nothing is lost, the record is read again after a restart.
    /// </summary>
    Fail,

    /// <summary>Drop the record at the failed node, count it, and go on.</summary>
    Continue,
}
