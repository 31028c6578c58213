namespace StreamFlow.Broker.Groups;

/// <summary>What the log says of a group: each record makes the next state. Immutable.</summary>
internal interface ILoggedState<TState>
{
    /// <summary>Grows with each change of what an assignment depends on.</summary>
    int Epoch { get; }

    /// <summary>The group's epoch that the target assignment was made for.</summary>
    int TargetEpoch { get; }

    /// <summary>When the target assignment was made (ms since 1970); 0 before the first.</summary>
    long TargetTimestamp { get; }

    /// <summary>The ids of the members.</summary>
    IEnumerable<string> MemberIds { get; }

    bool HasMember(string memberId);

    /// <summary>The state after a record.</summary>
    TState With(CoordinatorRecord record);
}
