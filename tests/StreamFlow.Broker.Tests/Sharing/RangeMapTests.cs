using StreamFlow.Broker.Sharing;

namespace StreamFlow.Broker.Tests.Sharing;

public sealed class RangeMapTests
{
    [Fact]
    public void Neighbours_with_the_same_value_are_one_stretch()
    {
        var map = new RangeMap<int>();
        map.Set(0, 9, 1);
        map.Set(4, 5, 2);
        Assert.Equal("0-3=1 4-5=2 6-9=1", Text(map));

        map.Set(4, 5, 1);
        Assert.Equal("0-9=1", Text(map));
    }

    [Fact]
    public void Everything_before_or_from_an_offset_is_forgotten()
    {
        var map = new RangeMap<int>();
        map.Set(0, 9, 1);
        map.Set(20, 29, 2);
        map.RemoveBefore(5);
        map.RemoveFrom(25);
        Assert.Equal("5-9=1 20-24=2", Text(map));
        Assert.Equal(1, map.IndexFrom(10));
        Assert.Equal(2, map.IndexFrom(25));
    }

    [Fact]
    public void It_says_what_an_array_says_when_changed_at_random()
    {
        const int Seed = 932;
        var random = new Random(Seed);
        var map = new RangeMap<int>();
        var plain = new int?[64];
        for (var step = 0; step < 20_000; step++)
        {
            var first = random.Next(64);
            var last = random.Next(first, 64);
            switch (random.Next(10))
            {
                case 0:
                    map.RemoveBefore(first);
                    Array.Fill(plain, null, 0, first);
                    break;
                case 1:
                    map.RemoveFrom(first);
                    Array.Fill(plain, null, first, 64 - first);
                    break;
                default:
                    var value = random.Next(3);
                    map.Set(first, last, value);
                    Array.Fill(plain, value, first, last - first + 1);
                    break;
            }

            var said = new int?[64];
            for (var i = 0; i < map.Count; i++)
            {
                Array.Fill(said, map[i].Value, (int)map[i].First, (int)map[i].Count);
                Assert.True(i == 0 || map[i - 1].Last < map[i].First, $"step {step} of seed {Seed}: {Text(map)}");
                Assert.False(
                    i > 0 && map[i - 1].Last + 1 == map[i].First && map[i - 1].Value == map[i].Value,
                    $"step {step} of seed {Seed}: {Text(map)}");
            }

            Assert.True(plain.AsSpan().SequenceEqual(said), $"step {step} of seed {Seed}: {Text(map)}");
        }
    }

    private static string Text(RangeMap<int> map) => string.Join(' ', map.Select(r => $"{r.First}-{r.Last}={r.Value}"));
}
