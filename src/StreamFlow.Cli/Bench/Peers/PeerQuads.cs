using System.Globalization;
using System.Text.Json.Nodes;
using StreamFlow.Cli.Bench.Measuring;
using StreamFlow.Cli.Bench.Streams;

namespace StreamFlow.Cli.Bench.Peers;

/// <summary>
/// Runs ours, the peer, the peer, ours, again and again, so that what drifts on the machine meets both alike, and prints the ratio of
/// neighbours.
/// </summary>
/// <param name="peer">The peer's name.</param>
/// <param name="metric">The field of a result that is compared, ours divided by the peer's.</param>
internal sealed class PeerQuads(string peer, string metric)
{
    private readonly List<double> _ratios = [];

    /// <summary>Runs the quads, prints every result, and then their ratio.</summary>
    /// <param name="quads">How many.</param>
    /// <param name="run">Makes one run: of ours or the peer's, and its number.</param>
    /// <param name="result">Fields for the closing line.</param>
    public async Task RunAsync(int quads, Func<bool, int, Task<JsonObject>> run, OrderedDictionary<string, object> result)
    {
        for (var quad = 0; quad < quads; quad++)
        {
            var number = 4 * quad;
            var first = await PrintedAsync(run, true, number);
            var second = await PrintedAsync(run, false, number + 1);
            var third = await PrintedAsync(run, false, number + 2);
            var fourth = await PrintedAsync(run, true, number + 3);
            _ratios.Add(first / second);
            _ratios.Add(fourth / third);
        }

        _ratios.Sort();
        result["against"] = peer;
        result["metric"] = metric;
        result["pairs"] = _ratios.Count;
        result["ratioMedian"] = ProcessMeter.Round(Quantile(0.5));
        result["ratioP10"] = ProcessMeter.Round(Quantile(0.1));
        result["ratioP90"] = ProcessMeter.Round(Quantile(0.9));
        result["machine"] = Machine.Describe();
        JsonLine.Print(result);
    }

    private async Task<double> PrintedAsync(Func<bool, int, Task<JsonObject>> run, bool isOurs, int number)
    {
        var line = await run(isOurs, number);
        line.Insert(0, "engine", isOurs ? "streamflow" : peer);
        await Console.Out.WriteLineAsync(line.ToJsonString());
        return Convert.ToDouble(line[metric]!.GetValue<object>().ToString(), CultureInfo.InvariantCulture);
    }

    private double Quantile(double q)
    {
        var at = q * (_ratios.Count - 1);
        var below = (int)at;
        var above = Math.Min(below + 1, _ratios.Count - 1);
        return _ratios[below] + ((at - below) * (_ratios[above] - _ratios[below]));
    }
}
