namespace StreamFlow.Streams.Processors.ForeignKeys;

/// <summary>What the left side of a foreign-key join asks the right side to do (KIP-213). The numbers are those of the messages.</summary>
internal enum SubscriptionInstruction : byte
{
    /// <summary>Forget the subscription and answer nothing.</summary>
    DeleteKeyNoPropagate = 0,

    /// <summary>Forget the subscription and answer that there is no right row.</summary>
    DeleteKeyAndPropagate = 1,

    /// <summary>Remember the subscription and answer in any case.</summary>
    PropagateNullIfNoForeignValue = 2,

    /// <summary>Remember the subscription and answer if there is a right row.</summary>
    PropagateOnlyIfForeignValue = 3,
}
