namespace StreamFlow.Client.Groups;

/// <summary>Where a member of a KIP-848 group is; <see cref="ConsumerGroupState"/> draws the moves.</summary>
internal enum MemberState
{
    /// <summary>It does not want to be in the group yet, or has left it.</summary>
    Idle,

    /// <summary>It tells the group, with epoch 0, that it wants to be in.</summary>
    Joining,

    /// <summary>It owns what the group gave it last.</summary>
    Stable,

    /// <summary>The group wants it to own something else; the application has to give up and take over.</summary>
    Reconciling,

    /// <summary>What it owns has changed, and the group has to hear it before it hands partitions on.</summary>
    Acknowledging,

    /// <summary>It tells the group that it leaves, because polls are too far apart.</summary>
    Leaving,

    /// <summary>It is out of the group; the application has to hear that its partitions are lost, then it joins anew.</summary>
    Lost,

    /// <summary>The group refuses it for good.</summary>
    Refused,
}
