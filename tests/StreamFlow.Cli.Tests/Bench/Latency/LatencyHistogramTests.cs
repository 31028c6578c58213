using StreamFlow.Cli.Bench.Latency;

namespace StreamFlow.Cli.Tests.Bench.Latency;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Quantiles_are_at_most_two_percent_above_the_truth()
    {
        var random = new Random(7);
        var histogram = new LatencyHistogram();
        var all = Enumerable.Range(0, 10_000).Select(_ => (long)Math.Exp(random.NextDouble() * 20)).Order().ToArray();
        foreach (var value in all)
        {
            histogram.Add(value);
        }

        foreach (var share in (double[])[0.001, 0.25, 0.5, 0.9, 0.99, 0.999, 1])
        {
            var truth = all[(int)Math.Ceiling(share * all.Length) - 1];
            Assert.InRange(histogram.Quantile(share), truth, (truth * 1.02) + 1);
        }

        Assert.Equal((all.Length, all[^1]), (histogram.Count, histogram.Max));
    }

    [Fact]
    public void Small_times_are_exact()
    {
        var histogram = new LatencyHistogram();
        foreach (var value in (long[])[0, 1, 63, 64, 127])
        {
            histogram.Add(value);
        }

        Assert.Equal([0, 1, 63, 64, 127], ((double[])[0.2, 0.4, 0.6, 0.8, 1]).Select(histogram.Quantile));
    }
}
