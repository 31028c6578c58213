using System.Text.Json.Serialization;

namespace StreamFlow.Cli.Demo;

/// <summary>A flight as the data has it; <c>Date</c> is <c>yyyy/MM/dd HH:mm</c>, <c>Delay</c> minutes (negative: early).</summary>
internal sealed record Flight(string Date, int Delay, int Distance, string Origin, string Destination);

/// <summary>An airport of the airports table.</summary>
internal sealed record Airport(string Iata, string Name, string City, string State);

/// <summary>A flight with the airport it left from.</summary>
internal sealed record LocatedFlight(string Airport, string City, string State, string Destination, int Delay);

/// <summary>Departures of one airport in one hour.</summary>
/// <param name="Flights">How many there were.</param>
/// <param name="Late">How many left more than 15 minutes late.</param>
/// <param name="TotalDelay">Sum of their delays in minutes.</param>
internal sealed record DelayStatistics(int Flights, int Late, long TotalDelay)
{
    /// <summary>Minutes from which a departure counts as late: the U.S. Department of Transportation's measure.</summary>
    public const int LateMinutes = 15;

    public static DelayStatistics None { get; } = new(0, 0, 0);

    public DelayStatistics With(int delay) => new(Flights + 1, Late + (delay >= LateMinutes ? 1 : 0), TotalDelay + delay);
}

/// <summary>Source-generated JSON of the demo's records.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Flight))]
[JsonSerializable(typeof(List<Flight>))]
[JsonSerializable(typeof(Airport))]
[JsonSerializable(typeof(LocatedFlight))]
[JsonSerializable(typeof(DelayStatistics))]
internal sealed partial class DemoJson : JsonSerializerContext;
