using StreamFlow.Core.Serialization;
using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Cli.Demo;

/// <summary>The demo's topology: flights joined with their airports, and delay statistics per airport and hour.</summary>
internal static class DemoTopology
{
    public const int Partitions = 4;
    public const string FlightsTopic = "flights";
    public const string AirportsTopic = "airports";
    public const string LocatedTopic = "flights-located";
    public const string HourlyTopic = "delays-by-hour";

    public static IReadOnlyList<string> Topics { get; } = [FlightsTopic, AirportsTopic, LocatedTopic, HourlyTopic];

    public static Serde<DelayStatistics> StatisticsSerde { get; } = Serdes.Json(DemoJson.Default.DelayStatistics);

    public static Topology Build()
    {
        var builder = new StreamsBuilder();
        var airports = builder.Table(
            AirportsTopic, Consumed<string, Airport>.With(Serdes.String, Serdes.Json(DemoJson.Default.Airport)));
        var flights = builder.Stream(
            FlightsTopic, Consumed<string, Flight>.With(Serdes.String, Serdes.Json(DemoJson.Default.Flight)));

        var located = flights.Join(airports, (flight, airport) =>
            new LocatedFlight(airport.Iata, airport.City, airport.State, flight.Destination, flight.Delay));
        located.To(LocatedTopic, Produced<string, LocatedFlight>.With(Serdes.String, Serdes.Json(DemoJson.Default.LocatedFlight)));

        located
            .GroupByKey(Grouped<string, LocatedFlight>.With(Serdes.String, Serdes.Json(DemoJson.Default.LocatedFlight)))
            .WindowedBy(TimeWindows.OfSizeWithNoGrace(TimeSpan.FromHours(1)))
            .Aggregate(
                () => DelayStatistics.None,
                (_, flight, statistics) => statistics.With(flight.Delay),
                Materialized<string, DelayStatistics>.As("hourly-delays") with { ValueSerde = StatisticsSerde })
            .ToStream()
            .To(HourlyTopic);
        return builder.Build();
    }
}
