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
/// <param name="metrics">The fields of a result that are compared, ours divided by the peer's.</param>
internal sealed class PeerQuads(string peer, params IReadOnlyList<string> metrics)
{
    private readonly Dictionary<string, List<double>> _ratios = metrics.ToDictionary(m => m, _ => new List<double>());

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
            foreach (var metric in metrics)
            {
                _ratios[metric].Add(ValueOf(first, metric) / ValueOf(second, metric));
                _ratios[metric].Add(ValueOf(fourth, metric) / ValueOf(third, metric));
            }
        }

        result["against"] = peer;
        result["pairs"] = 2 * quads;
        AddRatios(result);
        result["machine"] = Machine.Describe();
        JsonLine.Print(result);
    }

    // One metric's ratio stands in the line itself, those of several each in an object of their own.
    private void AddRatios(OrderedDictionary<string, object> result)
    {
        foreach (var metric in metrics)
        {
            var ratios = _ratios[metric];
            ratios.Sort();
            var target = metrics.Count == 1 ? result : [];
            if (target == result)
            {
                result["metric"] = metric;
            }
            else
            {
                result[metric] = target;
            }

            target["ratioMedian"] = ProcessMeter.Round(Quantile(ratios, 0.5));
            target["ratioP10"] = ProcessMeter.Round(Quantile(ratios, 0.1));
            target["ratioP90"] = ProcessMeter.Round(Quantile(ratios, 0.9));
        }
    }

    private async Task<JsonObject> PrintedAsync(Func<bool, int, Task<JsonObject>> run, bool isOurs, int number)
    {
        var line = await run(isOurs, number);
        line.Insert(0, "engine", isOurs ? "streamflow" : peer);
        await Console.Out.WriteLineAsync(line.ToJsonString());
        return line;
    }

    private static double ValueOf(JsonObject line, string metric) =>
        Convert.ToDouble(line[metric]!.GetValue<object>().ToString(), CultureInfo.InvariantCulture);

    private static double Quantile(List<double> sorted, double q)
    {
        var at = q * (sorted.Count - 1);
        var below = (int)at;
        var above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + ((at - below) * (sorted[above] - sorted[below]));
    }
}
