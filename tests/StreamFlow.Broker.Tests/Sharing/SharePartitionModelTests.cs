using StreamFlow.Broker.Sharing;
using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Tests.Sharing;

/// <summary>
/// Random schedules of members, clock, lost steps and restarts over one share partition, checked against one entry per record.
/// </summary>
public sealed class SharePartitionModelTests
{
    private const int Records = 400;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void No_record_is_lost_or_with_two_members_and_deliveries_are_counted(int seed)
    {
        var schedule = new Schedule(seed);
        for (var step = 0; step < 4000; step++)
        {
            schedule.Step();
            schedule.Check($"step {step} of seed {seed}");
        }

        schedule.Finish($"seed {seed}");
    }

    private sealed class Schedule(int seed)
    {
        private static readonly string[] Members = ["a", "b", "c"];

        private readonly Random _random = new(seed);
        private readonly ShareLimits _limits = new() { LockDurationMs = 50, DeliveryCountLimit = 4, MaxRecordLocks = 60 };
        private readonly List<FetchedBatch> _log = MakeLog(new Random(seed));
        private readonly string?[] _owner = new string?[Records];
        private readonly long[] _until = new long[Records];
        private readonly int[] _count = new int[Records];
        private readonly int[] _storedCount = new int[Records];
        private readonly bool[] _done = new bool[Records];
        private readonly RangeMap<Delivery> _stored = new();
        private SharePartition _share = new(0, []);
        private long _storedStart;
        private long _now;

        public void Step()
        {
            var member = Members[_random.Next(Members.Length)];
            switch (_random.Next(12))
            {
                case < 4:
                    Acquire(member);
                    break;
                case < 8:
                    Acknowledge(member);
                    break;
                case 8:
                    Release(member);
                    break;
                case 9:
                    _now += _random.Next(40);
                    Expire();
                    break;
                case 10:
                    AcknowledgeOthers(member);
                    break;
                default:
                    if (_random.Next(10) == 0)
                    {
                        Restart();
                    }

                    break;
            }
        }

        public void Check(string when)
        {
            var expected = 0L;
            foreach (var range in _share.Window)
            {
                for (var offset = range.First; offset <= range.Last; offset++)
                {
                    var value = range.Value;
                    Assert.True(
                        _owner[offset] == value.MemberId && _done[offset] == value.IsDone
                            && (value.State != RecordState.Acquired || _until[offset] == value.LockedUntil)
                            && (IsHidden(offset) || _count[offset] == value.Count),
                        $"{when}: {offset} is {value}, expected {_owner[offset]} {_count[offset]} {_done[offset]}");
                    expected += value.IsDone ? 1 : 0;
                }
            }

            Assert.True(_share.DoneCount == expected, $"{when}: {_share.DoneCount} done, expected {expected}");
            for (var offset = 0; offset < _share.StartOffset; offset++)
            {
                Assert.True(_done[offset], $"{when}: {offset} lies before the start and is not done with");
            }
        }

        public void Finish(string when)
        {
            for (var round = 0; _share.StartOffset < Records; round++)
            {
                Assert.True(round < 10_000, $"{when}: records from {_share.StartOffset} on are never delivered");
                Acquire("a");
                Check(when);
                var mine = Enumerable.Range(0, Records).Where(o => _owner[o] == "a").ToArray();
                Take("a", [.. mine.Select(o => new Acknowledgement(o, o, [(sbyte)AcknowledgeType.Accept]))], keep: true);
                _now += 60;
                Expire();
            }
        }

        private static List<FetchedBatch> MakeLog(Random random)
        {
            List<FetchedBatch> log = [];
            for (var offset = 0L; offset < Records;)
            {
                var last = Math.Min(Records - 1, offset + random.Next(12));
                log.Add(new FetchedBatch(offset, last, random.Next(6) == 0));
                offset = last + 1;
            }

            return log;
        }

        private bool IsHidden(long offset) => _log.Exists(b => b.IsHidden && b.First <= offset && offset <= b.Last);

        private void Acquire(string member)
        {
            var from = _share.NextOffset;
            var order = new AcquireOrder(_random.Next(1, 30), _random.Next(5), _random.Next(2) == 0);
            var batches = _log.Where(b => b.Last >= from).Take(_random.Next(1, 8)).ToArray();
            var acquired = _share.Acquire(member, batches, order, _limits, _now);
            if (!Keep())
            {
                return;
            }

            foreach (var batch in batches.Where(b => b.IsHidden))
            {
                for (var offset = batch.First; offset <= batch.Last && offset < _share.EndOffset; offset++)
                {
                    _done[offset] = true;
                }
            }

            Assert.False(order.IsExact && acquired.Sum(a => a.Count) > order.MaxRecords);
            foreach (var range in acquired)
            {
                for (var offset = range.First; offset <= range.Last; offset++)
                {
                    Assert.Null(_owner[offset]);
                    Assert.False(_done[offset]);
                    _count[offset]++;
                    Assert.Equal(_count[offset], range.DeliveryCount);
                    Assert.True(_count[offset] <= _limits.DeliveryCountLimit);
                    (_owner[offset], _until[offset]) = (member, _now + _limits.LockDurationMs);
                }
            }
        }

        private void Acknowledge(string member)
        {
            var mine = Enumerable.Range(0, Records).Where(o => _owner[o] == member && _random.Next(3) > 0).ToArray();
            Take(member, [.. mine.Select(o => new Acknowledgement(o, o, [(sbyte)_random.Next(5)]))], keep: null);
        }

        private void Take(string member, Acknowledgement[] said, bool? keep)
        {
            Assert.Equal(ErrorCode.None, _share.Acknowledge(member, said, _limits, _now));
            if (!Keep(keep))
            {
                return;
            }

            foreach (var one in said)
            {
                var offset = one.First;
                switch (one.TypeOf(offset))
                {
                    case AcknowledgeType.Renew:
                        _until[offset] = _now + _limits.LockDurationMs;
                        break;
                    case AcknowledgeType.Release:
                        GiveBack(offset);
                        break;
                    default:
                        (_owner[offset], _done[offset]) = (null, true);
                        break;
                }
            }
        }

        /// <summary>A word on records that somebody else has, or nobody, changes nothing.</summary>
        private void AcknowledgeOthers(string member)
        {
            var other = Enumerable.Range((int)_share.StartOffset, (int)(_share.EndOffset - _share.StartOffset))
                .Where(o => _owner[o] != member).ToArray();
            if (other.Length > 0)
            {
                var offset = other[_random.Next(other.Length)];
                Assert.Equal(ErrorCode.InvalidRecordState, _share.Acknowledge(member, [new(offset, offset, [1])], _limits, _now));
            }
        }

        private void Release(string member)
        {
            _share.Release(member, _limits);
            if (Keep())
            {
                Array.ForEach(Enumerable.Range(0, Records).Where(o => _owner[o] == member).ToArray(), o => GiveBack(o));
            }
        }

        private void Expire()
        {
            _share.Expire(_limits, _now);
            Keep(true);
            var late = Enumerable.Range(0, Records).Where(o => _owner[o] is not null && _until[o] <= _now).ToArray();
            Array.ForEach(late, o => GiveBack(o));
        }

        private void GiveBack(long offset) => (_owner[offset], _done[offset]) = (null, _count[offset] >= _limits.DeliveryCountLimit);

        /// <summary>The broker stops: what was not stored is forgotten.</summary>
        private void Restart()
        {
            _share = new SharePartition(_storedStart, [.. _stored]);
            for (var offset = 0; offset < Records; offset++)
            {
                _owner[offset] = null;
                if (!IsHidden(offset))
                {
                    _count[offset] = _storedCount[offset];
                }
            }

            foreach (var range in _share.Window)
            {
                for (var offset = range.First; offset <= range.Last; offset++)
                {
                    _done[offset] = range.Value.IsDone;
                }
            }

            for (var offset = _share.EndOffset; offset < Records; offset++)
            {
                _done[offset] = false;
            }
        }

        /// <summary>Stores the step, or now and then does not.</summary>
        private bool Keep(bool? keep = null)
        {
            if (!(keep ?? _random.Next(10) > 0))
            {
                _share.NotStored();
                return false;
            }

            if (_share.Changes.Count > 0)
            {
                foreach (var change in _share.Changes)
                {
                    _stored.Set(change.First, change.Last, change.Value);
                    for (var offset = change.First; offset <= change.Last; offset++)
                    {
                        _storedCount[offset] = change.Value.Count;
                    }
                }

                _storedStart = _share.StartOffset;
            }

            _share.Stored();
            return true;
        }
    }
}
