using StreamFlow.Core.Errors;

namespace StreamFlow.Storage;

/// <summary>Whether a batch may be appended, and if not, why.</summary>
/// <param name="Error">NONE for a batch that may.</param>
/// <param name="Reason">What is wrong, null when nothing is.</param>
internal readonly record struct BatchCheck(ErrorCode Error, string? Reason)
{
    /// <summary>Whether the bytes are one whole batch. Of what is none, Kafka does not even tell where the log begins.</summary>
    public bool IsReadable { get; init; }

    /// <summary>Numbers within the batch of the refused records; null when it is not about single ones.</summary>
    public List<int>? RefusedRecords { get; init; }

    /// <summary>The largest timestamp that the records have, which the batch's header has to give.</summary>
    public long MaxTimestamp { get; init; }
}
