using System.Globalization;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Cli.Demo;

/// <summary>The summary at the end, and its check.</summary>
internal static class DemoReport
{
    private const int LeastFlights = 100;
    private const int Shown = 10;
    private const double Tolerance = 1e-9;

    /// <summary>Prints the summary.</summary>
    /// <returns>Whether everything agrees with the plain recomputation.</returns>
    public static bool Print(DemoData data, DemoResults results, TimeSpan elapsed, string directory, StreamsOptions options)
    {
        var check = DemoCheck.Compute(data);
        var wrongHours = check.Hourly.Count(h => results.Hourly.GetValueOrDefault(h.Key) != h.Value)
            + results.Hourly.Keys.Count(k => !check.Hourly.ContainsKey(k));
        var wrongAirports = check.ByAirport.Count(a => !Agrees(results, a.Key, a.Value))
            + results.LateAirports.Keys.Count(k => !check.ByAirport.ContainsKey(k));

        Line("");
        Line($"Airports that run late (SQL over the topology's output, at least {LeastFlights} departures):");
        foreach (var (airport, row) in results.LateAirports.Where(a => a.Value.Flights >= LeastFlights)
            .OrderByDescending(a => a.Value.MeanDelay).Take(Shown))
        {
            Line($"  {airport}  {row.City,-22} {row.Flights,5} departures, mean delay {row.MeanDelay,5:0.0} min");
        }

        Line("");
        Line($"Checked against a plain recomputation of the same data, in {elapsed.TotalSeconds:0.0} s in all:");
        Line($"  C# topology  {results.Hourly.Count} airport hours of {check.Hourly.Count}, {wrongHours} wrong");
        Line($"  SQL table    {results.LateAirports.Count} airports of {check.ByAirport.Count}, {wrongAirports} wrong");
        Line("");
        Line($"State: {Path.Combine(options.StateDirectory, options.ApplicationId)} (RocksDB), recoverable from changelog topics in the "
            + $"cluster.");
        Line("Try next:");
        var cluster = $"-c embedded:{Path.GetRelativePath(Environment.CurrentDirectory, Path.Combine(directory, "broker"))}";
        Line($"  ./streamflow topics list {cluster}");
        Line($"  ./streamflow consume LATE_AIRPORTS -o beginning -e -f '%k %s\\n' {cluster}");
        Line($"  ./streamflow sql {cluster}");
        return wrongHours == 0 && wrongAirports == 0;
    }

    private static bool Agrees(DemoResults results, string airport, DelayStatistics expected) =>
        results.LateAirports.TryGetValue(airport, out var row)
        && row.Flights == expected.Flights
        && Math.Abs(row.MeanDelay - ((double)expected.TotalDelay / expected.Flights)) < Tolerance * Math.Max(1, Math.Abs(row.MeanDelay));

    private static void Line(FormattableString text) => Console.Out.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private static void Line(string text) => Console.Out.WriteLine(text);
}
