namespace StreamFlow.Broker.Groups.Streams.Assignment;

/// <summary>How many tasks a member may have: its share, rounded up as long as there are tasks left over.</summary>
internal sealed class TaskQuota(int tasks, int members)
{
    private int _tasks = tasks;
    private int _members = members;

    public int PerMember { get; private set; } = Share(tasks, members);

    /// <summary>A member has that many now. One that has its share takes part no more, and the others share the rest.</summary>
    public void Note(int count)
    {
        if (count == PerMember)
        {
            _members--;
            _tasks -= count;
            PerMember = Share(_tasks, _members);
        }
    }

    private static int Share(int tasks, int members) => members <= 0 || tasks <= 0 ? 0 : (tasks + members - 1) / members;
}
