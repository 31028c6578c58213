using StreamFlow.Streams.State.Persistent;

namespace StreamFlow.Streams.Tests.State;

public sealed class PendingWritesTests
{
    private static readonly Comparer<byte[]> Order = Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Behaves_like_a_sorted_dictionary_when_written_at_random(int seed)
    {
        var random = new Random(seed);
        var pending = new PendingWrites();
        var model = new SortedDictionary<byte[], byte[]?>(Order);
        for (var i = 0; i < 5000; i++)
        {
            var key = new byte[random.Next(0, 12)];
            random.NextBytes(key);
            for (var b = 0; b < key.Length - 1; b++)
            {
                key[b] &= 1;
            }

            if (random.Next(4) == 0)
            {
                pending.Delete(key);
                model[key] = null;
            }
            else
            {
                var value = new byte[random.Next(0, 20)];
                random.NextBytes(value);
                pending.Put(key, value);
                model[key] = value;
            }
        }

        Assert.Equal(model.Count, pending.Count);
        var node = pending.First();
        foreach (var (key, value) in model)
        {
            Assert.Equal(key, pending.KeyOf(node).ToArray());
            Assert.Equal(value, pending.IsDeleted(node) ? null : pending.ValueOf(node).ToArray());
            Assert.Equal(node, pending.Find(key));
            Assert.Equal(node, pending.FirstFrom(key));
            Assert.Equal(pending.Next(node), pending.FirstFrom([.. key, 0]));
            Assert.Equal(node, pending.LastBefore([.. key, 0]));
            node = pending.Next(node);
        }

        Assert.Equal(0, node);
        Assert.Equal(model.Keys.Last(), pending.KeyOf(pending.Last()).ToArray());
    }

    [Fact]
    public void Is_empty_after_clear()
    {
        var pending = new PendingWrites();
        pending.Put([1], [2]);
        pending.Clear();
        Assert.Equal(0, pending.Count);
        Assert.Equal(0, pending.First());
        Assert.Equal(0, pending.Last());
        Assert.Equal(0, pending.Find([1]));
    }

    [Fact]
    public void Writes_allocate_nothing_when_the_arrays_have_grown()
    {
        var pending = new PendingWrites();
        for (var round = 0; round < 2; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
            {
                pending.Put([(byte)i, (byte)(i >> 8)], "value"u8);
            }

            if (round == 1)
            {
                Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
            }

            pending.Clear();
        }
    }
}
