using System.Collections.Immutable;

namespace StreamFlow.Broker.Metadata;

/// <summary>What is known about a topic. Immutable.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Its id; a topic that is deleted and created again has another one.</param>
/// <param name="PartitionCount">Its partitions are numbered from 0.</param>
/// <param name="Configs">What was set on the topic itself.</param>
internal sealed record TopicImage(string Name, Guid Id, int PartitionCount, ImmutableSortedDictionary<string, string> Configs)
{
    /// <summary>Where groups keep offsets and membership.</summary>
    public const string ConsumerOffsets = "__consumer_offsets";

    /// <summary>Where the transaction coordinator keeps its state.</summary>
    public const string TransactionState = "__transaction_state";

    /// <summary>Where the share coordinator keeps what has become of records.</summary>
    public const string ShareGroupState = "__share_group_state";

    /// <summary>Whether the topic belongs to the broker itself.</summary>
    public bool IsInternal => IsInternalName(Name);

    /// <summary>Whether only the broker itself may create and write a topic of this name.</summary>
    public static bool IsInternalName(string name) => name is ConsumerOffsets or TransactionState or ShareGroupState;
}
