using StreamFlow.Broker.Metadata;

namespace StreamFlow.Broker.Groups;

/// <summary>A sign of life of a member of a group of the newer kinds, with which it joins, stays or leaves.</summary>
/// <typeparam name="TGroup">The kind of group.</typeparam>
/// <typeparam name="TAnswer">What the member is answered.</typeparam>
internal interface IGroupHeartbeat<TGroup, TAnswer>
    where TGroup : class, IGroup
{
    /// <summary>Whether the member joins; then the group is made when there is none.</summary>
    bool IsJoin { get; }

    /// <summary>Does it.</summary>
    /// <param name="group">The group.</param>
    /// <param name="image">The topics there are.</param>
    /// <param name="now">ms since 1970.</param>
    /// <param name="effects">Takes the records.</param>
    TAnswer Step(TGroup group, MetadataImage image, long now, GroupEffects effects);

    /// <summary>The answer that refuses.</summary>
    TAnswer Refuse(GroupRefusal refusal);

    /// <summary>Whether an answer refuses: then nothing is stored.</summary>
    bool IsRefusal(TAnswer answer);
}
