namespace StreamFlow.Broker.Groups.Streams.Assignment;

/// <summary>A member and what it has been given so far.</summary>
internal sealed class MemberLoad(string memberId, ProcessLoad process)
{
    private readonly List<StreamsTask> _active = [];
    private readonly List<StreamsTask> _standby = [];

    public string MemberId => memberId;

    public ProcessLoad Process => process;

    /// <summary>How many tasks it has, of whatever kind.</summary>
    public int Count => _active.Count + _standby.Count;

    public void Give(StreamsTask task, bool isActive)
    {
        (isActive ? _active : _standby).Add(task);
        process.Note(task);
    }

    public StreamsTasks ToTasks() => new([.. _active], [.. _standby], []);
}
