namespace StreamFlow.Broker.Groups.Streams.Assignment;

/// <summary>A process with its members, which share its disk. Ordered by load, which is tasks per member.</summary>
/// <param name="number">Decides between processes with the same load.</param>
internal sealed class ProcessLoad(int number) : IComparable<ProcessLoad>
{
    private readonly List<MemberLoad> _members = [];
    private readonly HashSet<StreamsTask> _tasks = [];
    private readonly int _number = number;

    public MemberLoad LeastLoaded => _members.MinBy(m => m.Count)!;

    public MemberLoad Add(string memberId)
    {
        var member = new MemberLoad(memberId, this);
        _members.Add(member);
        return member;
    }

    public bool Has(StreamsTask task) => _tasks.Contains(task);

    public void Note(StreamsTask task) => _tasks.Add(task);

    public int CompareTo(ProcessLoad? other)
    {
        if (other is null)
        {
            return 1;
        }

        // a/b against c/d without a fraction.
        var order = (_tasks.Count * other._members.Count).CompareTo(other._tasks.Count * _members.Count);
        return order != 0 ? order : _number.CompareTo(other._number);
    }
}
