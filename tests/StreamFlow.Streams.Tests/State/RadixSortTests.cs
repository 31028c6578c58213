using StreamFlow.Streams.State.Persistent;
using Xunit.Abstractions;

namespace StreamFlow.Streams.Tests.State;

public sealed class RadixSortTests(ITestOutputHelper log)
{
    [Theory]
    [InlineData(0UL)]
    [InlineData(0xffUL)]
    [InlineData(0xff00ffUL)]
    [InlineData(0x0300_0000_0000_0001UL)]
    [InlineData(ulong.MaxValue)]
    public void Numbers_come_out_ascending_and_equal_ones_in_the_order_of_their_items(ulong mask)
    {
        var seed = Random.Shared.Next();
        log.WriteLine($"seed {seed}");
        var random = new Random(seed);
        foreach (var count in (int[])[0, 1, 2, 300, 5000])
        {
            var numbers = Enumerable.Range(0, count).Select(_ => (ulong)random.NextInt64(long.MinValue, long.MaxValue) & mask).ToArray();
            var items = Enumerable.Range(0, count).ToArray();
            var expected = items.OrderBy(i => numbers[i]).Select(i => (numbers[i], i)).ToList();

            RadixSort.Sort(numbers, items);

            Assert.Equal(expected, numbers.Zip(items));
        }
    }
}
