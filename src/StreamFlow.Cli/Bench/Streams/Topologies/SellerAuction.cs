namespace StreamFlow.Cli.Bench.Streams.Topologies;

/// <summary>What the topologies look at of a person.</summary>
internal sealed record Person(long Id, string Name, string City, string State);

/// <summary>An auction together with its seller.</summary>
internal sealed record SellerAuction(long Auction, long Category, long Seller, string Name, string City, string State)
{
    public static SellerAuction Of(Auction auction, Person seller) =>
        new(auction.Id, auction.Category, auction.Seller, seller.Name, seller.City, seller.State);
}
