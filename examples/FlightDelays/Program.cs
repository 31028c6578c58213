// Delays of US flights by airport and hour. Usage: FlightDelays [CLUSTER], where CLUSTER is memory:, embedded:DIR or host:port.
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using StreamFlow.Client.Consuming;
using StreamFlow.Core.Serialization;
using StreamFlow.Embedded;
using StreamFlow.Examples;
using StreamFlow.Streams;
using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.Topologies;

await using var cluster = await Cluster.OpenAsync(args.Length > 0 ? args[0] : "memory:");
if (await cluster.CreateTopicsAsync(FlightDelays.Flights, FlightDelays.Airports, FlightDelays.Hours))
{
    // iata,name,city,state,country,latitude,longitude: names may have commas of their own, so the city is counted from the end.
    var airports = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "airports.csv")).Skip(1).Select(line => line.Split(','));
    await cluster.WriteAsync(
        FlightDelays.Airports, Serdes.String, FlightDelays.AirportSerde, airports.Select(a => (a[0], new Airport(a[^5], a[^4]), 0L)));
    using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "flights-20k.json"));
    var flights = JsonSerializer.Deserialize(file, FlightJson.Default.FlightArray)!;
    await cluster.WriteAsync(
        FlightDelays.Flights, Serdes.String, FlightDelays.FlightSerde, flights.Select(f => (f.Origin, f, f.DepartureTime)));
}

var state = Directory.CreateTempSubdirectory("flight-delays-");
var topology = FlightDelays.Build();
await using (var application = new StreamsApplication(
    topology, new StreamsOptions { ApplicationId = "flight-delays", StateDirectory = state.FullName }, cluster))
{
    await application.StartAsync();
    await application.WaitUntilCaughtUpAsync();
}

state.Delete(recursive: true);

// The topic has every update of an hour; the last one is its result.
var updates = await cluster.ReadToEndAsync(FlightDelays.Hours, FlightDelays.HourSerde, FlightDelays.DelaySerde).ToListAsync();
var hours = updates.GroupBy(u => u.Key).Select(g => (Hour: g.Key, Delay: g.Last().Value!)).ToList();
Console.WriteLine($"{hours.Sum(h => h.Delay.Flights)} flights in {hours.Count} hours of airports; the latest hours with three flights or more:");
foreach (var (hour, delay) in hours.Where(h => h.Delay.Flights >= 3).OrderByDescending(h => h.Delay.Mean).ThenBy(h => h.Hour.Key).Take(10))
{
    var start = DateTimeOffset.FromUnixTimeMilliseconds(hour.Window.Start);
    Console.WriteLine($"{hour.Key} {delay.City,-20} {start:yyyy-MM-dd HH:mm} {delay.Flights,3} flights {delay.Mean,6:F1} min");
}

/// <summary>Flights joined with the table of their airports, then counted and averaged per airport and hour of departure.</summary>
public static class FlightDelays
{
    public const string Flights = "flights";
    public const string Airports = "airports";
    public const string Hours = "flight-delays-by-hour";
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public static Serde<Flight> FlightSerde { get; } = Serdes.Json(FlightJson.Default.Flight);

    public static Serde<Airport> AirportSerde { get; } = Serdes.Json(FlightJson.Default.Airport);

    public static Serde<Windowed<string>> HourSerde { get; } = WindowedSerdes.Time(Serdes.String, Hour);

    public static Serde<Delay> DelaySerde { get; } = Serdes.Json(FlightJson.Default.Delay);

    public static Topology Build()
    {
        var builder = new StreamsBuilder();
        var airports = builder.Table(Airports, Consumed<string, Airport>.With(Serdes.String, AirportSerde));
        builder.Stream(Flights, Consumed<string, Flight>.With(Serdes.String, FlightSerde))
            .Join(airports, (flight, airport) => new Delay(airport.City, 1, flight.Delay))
            .GroupByKey(Grouped<string, Delay>.With(Serdes.String, DelaySerde))
            .WindowedBy(TimeWindows.OfSizeAndGrace(Hour, grace: Hour))
            .Reduce((sum, next) => new Delay(next.City, sum.Flights + next.Flights, sum.Minutes + next.Minutes))
            .ToStream()
            .To(Hours, Produced<Windowed<string>, Delay>.With(HourSerde, DelaySerde));
        return builder.Build();
    }
}

public sealed record Flight(string Date, int Delay, int Distance, string Origin, string Destination)
{
    [JsonIgnore]
    public long DepartureTime => DateTimeOffset.ParseExact(
        Date, "yyyy/MM/dd HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeMilliseconds();
}

public sealed record Airport(string City, string State);

public sealed record Delay(string City, int Flights, long Minutes)
{
    [JsonIgnore]
    public double Mean => (double)Minutes / Flights;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Flight[]))]
[JsonSerializable(typeof(Airport))]
[JsonSerializable(typeof(Delay))]
internal sealed partial class FlightJson : JsonSerializerContext;
