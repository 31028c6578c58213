namespace StreamFlow.Processes.Tests.Crashes.Groups;

/// <summary>Records that a member of a share group was handed.</summary>
/// <param name="Partition">Their partition.</param>
/// <param name="First">The first offset.</param>
/// <param name="Last">The last offset, included.</param>
/// <param name="Count">How often they were handed out, this time included.</param>
/// <param name="Since">The timestamp of the request for them.</param>
internal readonly record struct ShareRecords(int Partition, long First, long Last, int Count, long Since)
{
    // Of the 30 s that a member has a record; the rest is for the ways of requests.
    private static readonly TimeSpan SafelyLocked = TimeSpan.FromSeconds(25);

    /// <summary>Whether the member has them still, if it did nothing about them and its session goes on.</summary>
    public bool AreLocked => TimeProvider.System.GetElapsedTime(Since) < SafelyLocked;
}

/// <summary>What a member says of records.</summary>
internal readonly record struct ShareWord(ShareRecords Records, ShareAction Action);

/// <summary>What there is to say of a record. The numbers are the protocol's.</summary>
internal enum ShareAction : sbyte
{
    /// <summary>It is done with.</summary>
    Accept = 1,

    /// <summary>Somebody may try again.</summary>
    Release = 2,

    /// <summary>Nobody can do anything with it.</summary>
    Reject = 3,
}
