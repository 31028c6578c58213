using System.Globalization;
using System.Text;
using System.Text.Json;
using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Producing;

namespace StreamFlow.Cli.Demo;

/// <summary>The bundled data: flights in order of departure, and the airports they leave from.</summary>
internal sealed class DemoData
{
    /// <summary>The flights are of 2001: with a retention by time they would be gone at once.</summary>
    private static readonly Dictionary<string, string> KeptForEver = new() { ["retention.ms"] = "-1" };

    private DemoData(IReadOnlyList<Flight> flights, IReadOnlyList<Airport> airports) => (Flights, Airports) = (flights, airports);

    public IReadOnlyList<Flight> Flights { get; }

    public IReadOnlyList<Airport> Airports { get; }

    /// <summary>Reads the files beside the program.</summary>
    public static async Task<DemoData> LoadAsync(CancellationToken cancellation)
    {
        var directory = Path.Combine(AppContext.BaseDirectory, "data");
        await using var json = File.OpenRead(Path.Combine(directory, "flights-20k.json"));
        var flights = await JsonSerializer.DeserializeAsync(json, DemoJson.Default.ListFlight, cancellation);
        var lines = await File.ReadAllLinesAsync(Path.Combine(directory, "airports.csv"), cancellation);
        return new DemoData(flights!, [.. lines.Skip(1).Select(ReadAirport)]);
    }

    /// <summary>The departure as ms since 1970; the data has local times without a zone, which are taken as UTC.</summary>
    public static long TimeOf(Flight flight) => new DateTimeOffset(
        DateTime.ParseExact(flight.Date, "yyyy/MM/dd HH:mm", CultureInfo.InvariantCulture), TimeSpan.Zero).ToUnixTimeMilliseconds();

    /// <summary>Creates the topics and writes both files into them, airports first and with the oldest time.</summary>
    public async Task WriteAsync(ICluster cluster, CancellationToken cancellation)
    {
        await cluster.Admin.CreateTopicsAsync(
            DemoTopology.Topics.Select(t => new NewTopic(
                t, DemoTopology.Partitions, Configs: KeptForEver)), cancellationToken: cancellation);
        await using var producer = cluster.CreateProducer(new ProducerOptions());
        foreach (var airport in Airports)
        {
            var value = JsonSerializer.SerializeToUtf8Bytes(airport, DemoJson.Default.Airport);
            _ = producer.SendAsync(Record(DemoTopology.AirportsTopic, airport.Iata, value, 0), cancellation).AsTask();
        }

        foreach (var flight in Flights)
        {
            var value = JsonSerializer.SerializeToUtf8Bytes(flight, DemoJson.Default.Flight);
            _ = producer.SendAsync(Record(DemoTopology.FlightsTopic, flight.Origin, value, TimeOf(flight)), cancellation).AsTask();
        }

        await producer.FlushAsync(cancellation);
    }

    private static ProducerRecord Record(string topic, string key, byte[] value, long timestamp) =>
        new(topic, Encoding.UTF8.GetBytes(key), value) { Timestamp = timestamp };

    /// <summary>A line of the CSV; only names may be quoted.</summary>
    private static Airport ReadAirport(string line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        foreach (var c in line)
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(c);
            }
        }

        return new Airport(fields[0], fields[1], fields[2], fields[3]);
    }
}
