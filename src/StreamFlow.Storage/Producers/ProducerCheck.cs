using StreamFlow.Core.Errors;

namespace StreamFlow.Storage.Producers;

/// <summary>What the producer state says to a batch: append it, or it is a duplicate, or why it is refused.</summary>
internal readonly record struct ProducerCheck(ErrorCode Error, string? Reason, bool IsDuplicate, ProducerBatch Original)
{
    public static ProducerCheck Accept => default;

    public static ProducerCheck Duplicate(ProducerBatch original) => new(ErrorCode.None, null, true, original);

    public static ProducerCheck Refuse(ErrorCode error, string reason) => new(error, reason, false, default);
}
