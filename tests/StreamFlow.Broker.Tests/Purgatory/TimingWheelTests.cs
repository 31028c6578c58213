using StreamFlow.Broker.Purgatory;

namespace StreamFlow.Broker.Tests.Purgatory;

public sealed class TimingWheelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Entries_fire_at_their_deadline_whatever_is_added_and_removed(int seed)
    {
        var random = new Random(seed);
        var wheel = new TimingWheel(0);
        var held = new List<Entry>();
        var due = new List<TimerEntry>();
        var now = 0L;
        for (var step = 0; step < 5000; step++)
        {
            switch (random.Next(4))
            {
                case 0 or 1:
                    var entry = new Entry();
                    wheel.Add(entry, now + Math.Min((long)Math.Pow(10, random.NextDouble() * 7), 5_000_000));
                    held.Add(entry);
                    break;
                case 2 when held.Count > 0:
                    var removed = held[random.Next(held.Count)];
                    Assert.True(wheel.Remove(removed), $"seed {seed}");
                    held.Remove(removed);
                    break;
                default:
                    now += (long)Math.Pow(10, random.NextDouble() * 5);
                    wheel.Advance(now, due);
                    var expected = held.Where(e => e.Deadline <= now).ToHashSet<TimerEntry>();
                    Assert.True(expected.SetEquals(due), $"seed {seed}, step {step}, now {now}: {due.Count} fired, {expected.Count} were due");
                    held.RemoveAll(expected.Contains);
                    due.Clear();
                    break;
            }

            Assert.Equal(held.Count, wheel.Count);
            if (held.Count > 0)
            {
                Assert.True(wheel.NextWakeUp() <= Math.Max(held.Min(e => e.Deadline), now), $"seed {seed}, step {step}: the wheel would wake up too late");
            }
        }
    }

    [Fact]
    public void Entry_can_be_added_again_once_it_has_fired()
    {
        var wheel = new TimingWheel(100);
        var entry = new Entry();
        var due = new List<TimerEntry>();
        wheel.Add(entry, 90);
        wheel.Advance(100, due);
        Assert.Same(entry, Assert.Single(due));
        Assert.False(wheel.Remove(entry));
        wheel.Add(entry, 164);
        due.Clear();
        wheel.Advance(163, due);
        Assert.Empty(due);
        wheel.Advance(164, due);
        Assert.Single(due);
        Assert.Null(wheel.NextWakeUp());
    }

    private sealed class Entry : TimerEntry
    {
        protected internal override void Fire()
        {
            // The wheel under test only hands entries out.
        }
    }
}
