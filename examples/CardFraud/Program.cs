// Finds cards used in two countries within ten minutes. Usage: CardFraud [CLUSTER], where CLUSTER is memory:, embedded:DIR or host:port.
using System.Text;
using System.Text.Json.Serialization;
using StreamFlow.Client.Consuming;
using StreamFlow.Core.Serialization;
using StreamFlow.Embedded;
using StreamFlow.Examples;
using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Errors;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.Topologies;

await using var cluster = await Cluster.OpenAsync(args.Length > 0 ? args[0] : "memory:");
if (await cluster.CreateTopicsAsync(CardFraud.Payments, CardFraud.Withdrawals, CardFraud.Alerts, CardFraud.Poison))
{
    foreach (var topic in SampleCards.Records(seed: 7).GroupBy(r => r.Topic))
    {
        await cluster.WriteAsync(topic.Key, Serdes.String, Serdes.String, topic.Select(r => (r.Card, r.Json, r.Time)));
    }
}

// A record that cannot be read or processed goes to the dead-letter topic with its error, and the work goes on.
var errors = new ErrorHandling
{
    OnDeserializationError = ErrorHandling.Continue, OnProcessingError = ErrorHandling.Continue, DeadLetterTopic = CardFraud.Poison,
};
var state = Directory.CreateTempSubdirectory("card-fraud-");
var topology = CardFraud.Build();
var options = new StreamsOptions { ApplicationId = "card-fraud", StateDirectory = state.FullName, Errors = errors };
await using (var application = new StreamsApplication(topology, options, cluster))
{
    await application.StartAsync();
    await application.WaitUntilCaughtUpAsync();
}

state.Delete(recursive: true);

var alerts = await cluster.ReadToEndAsync(CardFraud.Alerts, Serdes.String, CardFraud.AlertSerde).ToListAsync();
Console.WriteLine($"{alerts.Count} alerts:");
foreach (var alert in alerts.OrderBy(a => a.Timestamp))
{
    Console.WriteLine($"{DateTimeOffset.FromUnixTimeMilliseconds(alert.Timestamp):HH:mm:ss} {alert.Key}: {alert.Value}");
}

var poison = await cluster.ReadToEndAsync(CardFraud.Poison, Serdes.String, Serdes.String).ToListAsync();
Console.WriteLine($"{poison.Count} dead letters:");
foreach (var letter in poison.OrderBy(p => p.Timestamp))
{
    string Header(string name) => letter.Headers.TryGetLast("__streams.errors." + name, out var text) ? Encoding.UTF8.GetString(text!) : "";
    Console.WriteLine($"{Header("topic")}-{Header("partition")} offset {Header("offset")}: {letter.Value} ({Header("message")})");
}

/// <summary>Payments joined with cash withdrawals of the same card in another country, at most ten minutes apart.</summary>
public static class CardFraud
{
    public const string Payments = "card-payments";
    public const string Withdrawals = "card-withdrawals";
    public const string Alerts = "card-alerts";
    public const string Poison = "card-poison";

    public static Serde<Alert> AlertSerde { get; } = Serdes.Json(CardJson.Default.Alert);

    public static Topology Build()
    {
        var builder = new StreamsBuilder();
        var window = TimeSpan.FromMinutes(10);
        var cardUse = Consumed<string, Use>.With(Serdes.String, Serdes.Json(CardJson.Default.Use));
        var withdrawals = builder.Stream(Withdrawals, cardUse).Peek(Check);
        builder.Stream(Payments, cardUse).Peek(Check)
            .Join(
                withdrawals,
                (payment, withdrawal) => new Alert(payment.Country, payment.Cents, withdrawal.Country, withdrawal.Cents),
                JoinWindows.OfTimeDifferenceAndGrace(window, grace: window))
            .Filter((_, alert) => alert.PaidIn != alert.WithdrawnIn)
            .To(Alerts, Produced<string, Alert>.With(Serdes.String, AlertSerde));
        return builder.Build();
    }

    private static void Check(string card, Use use) =>
        _ = use.Cents > 0 ? use.Cents : throw new InvalidDataException($"{card} cannot move {use.Cents} cents");
}

public sealed record Use(string Country, long Cents);

public sealed record Alert(string PaidIn, long PaidCents, string WithdrawnIn, long WithdrawnCents);

[JsonSerializable(typeof(Use))]
[JsonSerializable(typeof(Alert))]
internal sealed partial class CardJson : JsonSerializerContext;
