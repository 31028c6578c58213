using System.Text;
using StreamFlow.Core.IO;
using StreamFlow.Streams.State.Persistent;
using Xunit.Abstractions;
using static StreamFlow.Streams.Tests.State.StateFixture;

namespace StreamFlow.Streams.Tests.State;

public sealed class RestoreBufferTests(ITestOutputHelper log)
{
    [Theory]
    [InlineData("prefix-longer-than-eight")]
    [InlineData("pre")]
    public void Rows_come_out_sorted_with_the_last_of_each_key(string otherPrefix)
    {
        var seed = Random.Shared.Next();
        log.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var rows = Enumerable.Range(0, 5000).Select(i => (Key: RandomKey(random, otherPrefix), Value: random.Next(5) == 0 ? null : $"{i}")).ToList();
        var expected = new SortedDictionary<byte[], string>(Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)));
        foreach (var (key, value) in rows)
        {
            expected.Remove(key);
            if (value is not null)
            {
                expected.Add(key, value);
            }
        }

        using var state = new StateFixture(KeyValue());
        var store = state.Database.OpenBytes(state.Stores[0]);
        using (var restorer = new StoreRestorer(state.Database, store, Changelog, state.Environment, SystemFileSystem.Instance))
        {
            Add(restorer, Batch(0, [.. rows.Select(r => (r.Key, r.Value is null ? null : B(r.Value), 0L))]));
            restorer.Complete(rows.Count);
        }

        var restored = new List<(string, string)>();
        using (var found = store.Range([], []))
        {
            while (found.MoveNext())
            {
                restored.Add((Convert.ToHexString(found.Key), Encoding.UTF8.GetString(found.Value)));
            }
        }

        Assert.Equal(expected.Select(r => (Convert.ToHexString(r.Key), r.Value)), restored);
    }

    [Fact]
    public void Sorting_and_compacting_keeps_what_later_rows_replace()
    {
        var buffer = new RestoreBuffer();
        buffer.Add(B("b"), [], true, B("1"));
        buffer.Add(B("a"), [], true, B("1"));
        buffer.Add(B("b"), [], true, B("2"));
        buffer.Sort();
        buffer.Compact();
        Assert.Equal(2, buffer.Count);

        var size = buffer.SizeInBytes;
        buffer.Add(B("a"), [], false, []);
        buffer.Sort();
        buffer.Compact();

        Assert.Equal(2, buffer.Count);
        Assert.Equal(size - 1, buffer.SizeInBytes);
    }

    /// <summary>Keys that differ in trailing zeros, behind one prefix or two.</summary>
    private static byte[] RandomKey(Random random, string otherPrefix) =>
    [
        .. B(random.Next(3) == 0 ? otherPrefix : "pre"),
        .. Enumerable.Range(0, random.Next(5)).Select(_ => (byte)random.Next(3)),
    ];
}
