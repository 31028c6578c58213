namespace StreamFlow.Cli.Bench.Streams.Topologies;

/// <summary>What the topologies look at of an auction.</summary>
/// <param name="Id">Its id.</param>
/// <param name="ItemName">What is sold.</param>
/// <param name="Seller">The person who sells.</param>
/// <param name="Category">The item's category.</param>
internal sealed record Auction(long Id, string ItemName, long Seller, long Category);

/// <summary>A bid together with its auction.</summary>
internal readonly record struct AuctionBid(
    long Auction, long Bidder, long Price, long DateTime, string ItemName, long Seller, long Category)
{
    public static AuctionBid Of(Bid bid, Auction auction) =>
        new(bid.Auction, bid.Bidder, bid.Price, bid.DateTime, auction.ItemName, auction.Seller, auction.Category);
}
