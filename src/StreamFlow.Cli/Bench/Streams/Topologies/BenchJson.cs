using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using StreamFlow.Core.Serialization;

namespace StreamFlow.Cli.Bench.Streams.Topologies;

/// <summary>JSON of the events: no blanks, strings escaped only where JSON demands it.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Bid))]
[JsonSerializable(typeof(FullBid))]
[JsonSerializable(typeof(EuroBid))]
[JsonSerializable(typeof(Auction))]
[JsonSerializable(typeof(AuctionBid))]
[JsonSerializable(typeof(Person))]
[JsonSerializable(typeof(SellerAuction))]
internal sealed partial class BenchJson : JsonSerializerContext
{
    private static readonly BenchJson Relaxed = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>The numbers of a bid as JSON of their own.</summary>
    public static Serde<Bid> NumbersSerde { get; } = Serdes.Json(Relaxed.Bid);

    public static Serde<FullBid> FullBidSerde { get; } = Serdes.Json(Relaxed.FullBid);

    public static Serde<EuroBid> EuroBidSerde { get; } = Serdes.Json(Relaxed.EuroBid);

    public static Serde<Auction> AuctionSerde { get; } = Serdes.Json(Relaxed.Auction);

    public static Serde<AuctionBid> AuctionBidSerde { get; } = Serdes.Json(Relaxed.AuctionBid);

    public static Serde<Person> PersonSerde { get; } = Serdes.Json(Relaxed.Person);

    public static Serde<SellerAuction> SellerAuctionSerde { get; } = Serdes.Json(Relaxed.SellerAuction);
}
