namespace StreamFlow.Cli.Demo;

/// <summary>A plain recomputation of what the topology and the SQL must have found, over the same data.</summary>
internal sealed class DemoCheck
{
    private const long HourMs = 3_600_000;

    private DemoCheck(
        IReadOnlyDictionary<(string Airport, long Hour), DelayStatistics> hourly, IReadOnlyDictionary<string, DelayStatistics> byAirport) =>
        (Hourly, ByAirport) = (hourly, byAirport);

    /// <summary>Statistics per airport and hour (its start in ms since 1970).</summary>
    public IReadOnlyDictionary<(string Airport, long Hour), DelayStatistics> Hourly { get; }

    /// <summary>Statistics per airport.</summary>
    public IReadOnlyDictionary<string, DelayStatistics> ByAirport { get; }

    public static DemoCheck Compute(DemoData data)
    {
        var known = data.Airports.Select(a => a.Iata).ToHashSet(StringComparer.Ordinal);
        var hourly = new Dictionary<(string, long), DelayStatistics>();
        var byAirport = new Dictionary<string, DelayStatistics>(StringComparer.Ordinal);
        foreach (var flight in data.Flights.Where(f => known.Contains(f.Origin)))
        {
            var hour = DemoData.TimeOf(flight) / HourMs * HourMs;
            hourly[(flight.Origin, hour)] = hourly.GetValueOrDefault((flight.Origin, hour), DelayStatistics.None).With(flight.Delay);
            byAirport[flight.Origin] = byAirport.GetValueOrDefault(flight.Origin, DelayStatistics.None).With(flight.Delay);
        }

        return new DemoCheck(hourly, byAirport);
    }
}
