namespace StreamFlow.Client.Producing;

/// <summary>Where a transactional producer stands.</summary>
internal enum TransactionState
{
    /// <summary>The transactional id is not taken over yet.</summary>
    Uninitialized,

    /// <summary>No transaction is open.</summary>
    Ready,

    /// <summary>A transaction is open.</summary>
    Open,

    /// <summary>The open transaction can only be aborted.</summary>
    Failed,

    /// <summary>The open transaction is being aborted: nothing is sent any more.</summary>
    Aborting,

    /// <summary>The producer was fenced and can only be closed.</summary>
    Fenced,
}
