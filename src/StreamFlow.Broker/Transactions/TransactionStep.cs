using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Transactions;

/// <summary>The outcome of an event for a transactional id.</summary>
/// <param name="Error">What to answer.</param>
/// <param name="Next">The state to write to the log and then to take on; null when nothing changes.</param>
internal readonly record struct TransactionStep(ErrorCode Error, TransactionMetadata? Next)
{
    /// <summary>Answers with an error and changes nothing.</summary>
    public static TransactionStep Refuse(ErrorCode error) => new(error, null);

    /// <summary>Answers success and changes nothing, as for a request that is repeated.</summary>
    public static TransactionStep Unchanged => new(ErrorCode.None, null);

    /// <summary>Changes the state and answers success.</summary>
    public static TransactionStep To(TransactionMetadata next) => new(ErrorCode.None, next);
}
