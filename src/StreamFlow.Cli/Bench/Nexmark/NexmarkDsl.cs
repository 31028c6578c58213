using System.Globalization;
using System.Text.Json.Serialization;
using StreamFlow.Cli.Bench.Streams.Topologies;
using StreamFlow.Cli.Shell;
using StreamFlow.Core.Serialization;
using StreamFlow.Streams;
using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Cli.Bench.Nexmark;

/// <summary>A few of the queries as a user writes them in C#, to hold the SQL engine against. The results are those of the SQL.</summary>
internal static class NexmarkDsl
{
    private const long Band1 = 10_000;
    private const long Band2 = 1_000_000;

    /// <summary>The queries there are.</summary>
    public static IReadOnlyList<string> Names { get; } = ["q2", "q17"];

    /// <summary>Whether the result of a query is a table.</summary>
    public static bool IsTable(string query) => query == "q17";

    /// <summary>The topology of a query over <c>bid</c>.</summary>
    /// <exception cref="UsageException">There is none of this query.</exception>
    public static Topology Build(string query, string output)
    {
        var builder = new StreamsBuilder();
        var bids = builder.Stream("bid", Consumed<byte[], Bid>.With(Serdes.Bytes, BidSerde.Instance));
        switch (query)
        {
            case "q2":
                bids.Filter((_, bid) => bid.Auction % 123 == 0)
                    .MapValues(bid => new AuctionPrice(bid.Auction, bid.Price))
                    .To(output, Produced<byte[], AuctionPrice>.With(Serdes.Bytes, Serdes.Json(NexmarkJson.Default.AuctionPrice)));
                break;
            case "q17":
                var key = Serdes.Json(NexmarkJson.Default.AuctionDay);
                bids.GroupBy((_, bid) => AuctionDay.Of(bid), Grouped<AuctionDay, Bid>.With(key, BenchJson.NumbersSerde))
                    .Aggregate(
                        static () => default,
                        static (_, bid, totals) => totals.With(bid.Price),
                        Materialized<AuctionDay, PriceTotals>.As("totals") with
                        {
                            KeySerde = key, ValueSerde = Serdes.Json(NexmarkJson.Default.PriceTotals),
                        })
                    .ToStream()
                    .MapValues(static (group, totals) => AuctionDayReport.Of(group, totals))
                    .To(output, Produced<AuctionDay, AuctionDayReport>.With(key, Serdes.Json(NexmarkJson.Default.AuctionDayReport)));
                break;
            default:
                throw new UsageException($"--query {query}: in C# there are {string.Join(", ", Names)}");
        }

        return builder.Build();
    }

    internal readonly record struct AuctionPrice(
        [property: JsonPropertyName("AUCTION")] long Auction, [property: JsonPropertyName("PRICE")] long Price);

    internal readonly record struct AuctionDay(long Auction, string Day)
    {
        public static AuctionDay Of(Bid bid) => new(
            bid.Auction, DateTimeOffset.FromUnixTimeMilliseconds(bid.DateTime).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    internal readonly record struct PriceTotals(long Count, long Low, long Middle, long High, long Min, long Max, long Sum)
    {
        public PriceTotals With(long price) => new(
            Count + 1,
            Low + (price < Band1 ? 1 : 0),
            Middle + (price is >= Band1 and < Band2 ? 1 : 0),
            High + (price >= Band2 ? 1 : 0),
            Count == 0 ? price : Math.Min(Min, price),
            Math.Max(Max, price),
            Sum + price);
    }

    /// <summary>A row of q17.</summary>
    internal readonly record struct AuctionDayReport(
        long Auction, string Day, long Total, long Low, long Middle, long High, long Min, long Max, long Mean, long Sum)
    {
        public static AuctionDayReport Of(AuctionDay key, PriceTotals t) =>
            new(key.Auction, key.Day, t.Count, t.Low, t.Middle, t.High, t.Min, t.Max, t.Sum / t.Count, t.Sum);
    }
}

/// <summary>JSON of what <see cref="NexmarkDsl"/> writes.</summary>
[JsonSerializable(typeof(NexmarkDsl.AuctionPrice))]
[JsonSerializable(typeof(NexmarkDsl.AuctionDay))]
[JsonSerializable(typeof(NexmarkDsl.PriceTotals))]
[JsonSerializable(typeof(NexmarkDsl.AuctionDayReport))]
internal sealed partial class NexmarkJson : JsonSerializerContext;
