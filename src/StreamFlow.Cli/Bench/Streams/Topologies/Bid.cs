namespace StreamFlow.Cli.Bench.Streams.Topologies;

/// <summary>What the topologies look at of a bid.</summary>
/// <param name="Auction">The auction's id.</param>
/// <param name="Bidder">The person's id.</param>
/// <param name="Price">In cents.</param>
/// <param name="DateTime">When, in ms since 1970.</param>
internal readonly record struct Bid(long Auction, long Bidder, long Price, long DateTime);

/// <summary>A whole bid, its fields in the order in which they are written.</summary>
internal sealed record FullBid(long Auction, long Bidder, long Price, string Channel, string Url, long DateTime, string Extra);

/// <summary>A bid with its price in another currency.</summary>
internal readonly record struct EuroBid(long Auction, long Bidder, decimal Price, long DateTime)
{
    private const long MillisPerCent = 908;

    /// <summary>The bid at a fixed rate, exactly: always three decimals.</summary>
    public static EuroBid Of(Bid bid)
    {
        var price = bid.Price * MillisPerCent;
        return new(bid.Auction, bid.Bidder, new decimal((int)price, (int)(price >> 32), 0, false, 3), bid.DateTime);
    }
}
