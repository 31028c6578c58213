namespace StreamFlow.Processes.Tests.Crashes.Groups;

/// <summary>
/// What the members of a share group know of each record, and what the broker may therefore not do: hand out a record that somebody has, or
/// one of which it has confirmed that it is done with, or forget that one was given back. Thread safe.
/// </summary>
/// <param name="lives">How often the broker was killed: a record that somebody had before is anybody's.</param>
internal sealed class ShareLedger(Func<int> lives)
{
    /// <summary>The broker's default: nobody gets a record more often.</summary>
    private const int DeliveryLimit = 5;

    private readonly Lock _gate = new();
    private readonly Dictionary<(int Partition, long Offset), (string MemberId, ShareRecords Of)> _held = [];
    private readonly HashSet<(int Partition, long Offset)> _done = [];
    private readonly HashSet<(int Partition, long Offset)> _unsure = [];
    private readonly Dictionary<(int Partition, long Offset), int> _givenBack = [];
    private int _life;

    /// <summary>Records of which the broker has confirmed that they are done with.</summary>
    public int Done
    {
        get
        {
            lock (_gate)
            {
                return _done.Count;
            }
        }
    }

    /// <summary>How often a record was handed out that had been before.</summary>
    public int Redelivered { get; private set; }

    /// <summary>A member was handed records.</summary>
    /// <param name="memberId">The member.</param>
    /// <param name="life">The broker's life in which it opened its session; of an earlier one the answer comes too late to mean a thing.</param>
    /// <param name="some">The records.</param>
    public void Deliver(string memberId, int life, ShareRecords some)
    {
        lock (_gate)
        {
            if (life != lives())
            {
                return;
            }

            if (life != _life)
            {
                _held.Clear();
                _life = life;
            }

            Redelivered += some.Count > 1 ? 1 : 0;
            ForEach(some, record =>
            {
                Require(some.Count <= DeliveryLimit, record, $"was handed out {some.Count} times");
                Require(!_done.Contains(record), record, "is handed out again, and the broker had confirmed that it is done with");
                Require(some.Count > _givenBack.GetValueOrDefault(record), record,
                    $"has delivery count {some.Count}, and was given back with {_givenBack.GetValueOrDefault(record)}");
                var isTaken = _held.TryGetValue(record, out var other) && other.Of.AreLocked;
                Require(!isTaken, record, $"is handed to {memberId}, and {other.MemberId} has it");
                _unsure.Remove(record);
                _held[record] = (memberId, some);
            });
        }
    }

    /// <summary>A member loses records: from now on others may get them.</summary>
    public void Lose(IEnumerable<ShareRecords> some)
    {
        lock (_gate)
        {
            foreach (var one in some)
            {
                ForEach(one, record => _held.Remove(record));
            }
        }
    }

    /// <summary>A member is about to say something: from now on the records may be done with, or others may get them.</summary>
    public void Say(ShareWord said)
    {
        lock (_gate)
        {
            ForEach(said.Records, record =>
            {
                _held.Remove(record);
                if (said.Action != ShareAction.Release)
                {
                    _unsure.Add(record);
                }
            });
        }
    }

    /// <summary>The broker has confirmed what was said.</summary>
    public void Confirm(ShareWord said)
    {
        lock (_gate)
        {
            ForEach(said.Records, record =>
            {
                if (said.Action == ShareAction.Release)
                {
                    _givenBack[record] = Math.Max(_givenBack.GetValueOrDefault(record), said.Records.Count);
                }
                else
                {
                    _done.Add(record);
                    _givenBack.Remove(record);
                }
            });
        }
    }

    /// <summary>The group is done with everything before an offset: some member must have said so of each record.</summary>
    public void CheckNoneMissing(int partition, long end)
    {
        lock (_gate)
        {
            for (var offset = 0L; offset < end; offset++)
            {
                var record = (partition, offset);
                Require(_done.Contains(record) || _unsure.Contains(record), record, "is done with, and nobody has dealt with it");
            }
        }
    }

    private static void ForEach(ShareRecords some, Action<(int Partition, long Offset)> action)
    {
        for (var offset = some.First; offset <= some.Last; offset++)
        {
            action((some.Partition, offset));
        }
    }

    private static void Require(bool condition, (int Partition, long Offset) record, string problem)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"share group: offset {record.Offset} of partition {record.Partition} {problem}");
        }
    }
}
