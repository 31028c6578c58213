using System.Globalization;
using StreamFlow.Cli.Shell;
using StreamFlow.Core.Serialization;
using StreamFlow.Streams;
using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Cli.Bench.Streams.Topologies;

/// <summary>The topologies of the side-by-side comparison, as a user writes them.</summary>
internal sealed class BenchTopologies
{
    private const string CountStore = "counts";
    private static readonly TimeSpan TenSeconds = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TwoSeconds = TimeSpan.FromSeconds(2);

    private readonly StreamsBuilder _builder = new(new TopologyOptions { Optimizations = TopologyOptimizations.All });
    private readonly ApplicationSetup _setup;
    private readonly UserCode _user;

    private BenchTopologies(ApplicationSetup setup, UserCode user) => (_setup, _user) = (setup, user);

    /// <summary>The names that <see cref="Build"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "passthrough", "map-json", "filter", "count", "count-many-keys", "eos-count", "window-tumbling", "window-hopping", "session",
        "join-table", "join-stream", "join-fk", "repartition",
    ];

    /// <summary>Builds a topology.</summary>
    /// <param name="setup">Which.</param>
    /// <param name="user">Takes its serdes and functions.</param>
    /// <exception cref="UsageException">There is none of this name, or it has another number of inputs.</exception>
    public static Topology Build(ApplicationSetup setup, UserCode user)
    {
        if (setup.Topology.StartsWith("join-", StringComparison.Ordinal) != setup.Input2 is not null)
        {
            throw new UsageException("--input2 belongs to the join topologies, and they need it");
        }

        var topologies = new BenchTopologies(setup, user);
        topologies.Add(setup.Topology);
        return topologies._builder.Build();
    }

    private void Add(string name)
    {
        switch (name)
        {
            case "passthrough":
                PassThrough();
                break;
            case "map-json":
                MapJson();
                break;
            case "filter":
                Filter();
                break;
            case "count" or "count-many-keys" or "eos-count":
                WriteCounts(PricedBidsByKey().Count(Counts()));
                break;
            case "window-tumbling":
                CountPerWindow(TimeWindows.OfSizeWithNoGrace(TenSeconds));
                break;
            case "window-hopping":
                CountPerWindow(TimeWindows.OfSizeWithNoGrace(TenSeconds).AdvanceBy(TwoSeconds));
                break;
            case "session":
                CountPerSession();
                break;
            case "join-table":
                JoinTable();
                break;
            case "join-stream":
                JoinStream();
                break;
            case "join-fk":
                JoinForeignKey();
                break;
            case "repartition":
                Repartition();
                break;
            default:
                throw new UsageException($"--topology {name}: there are {string.Join(", ", Names)}");
        }
    }

    private void PassThrough() => _builder
        .Stream(_setup.Input, Consumed<byte[], byte[]>.With(_user.Of(Serdes.Bytes), _user.Of(Serdes.Bytes)))
        .To(_setup.Output, Produced<byte[], byte[]>.With(_user.Of(Serdes.Bytes), _user.Of(Serdes.Bytes)));

    private void MapJson() => Bids()
        .MapValues(_user.Of<Bid, EuroBid>(EuroBid.Of))
        .To(_setup.Output, Produced<string, EuroBid>.With(_user.Of(Serdes.String), _user.Of(BenchJson.EuroBidSerde)));

    private void Filter() => _builder
        .Stream(_setup.Input, Consumed<string, FullBid>.With(_user.Of(Serdes.String), _user.Of(BenchJson.FullBidSerde)))
        .Filter((_, bid) => bid.Auction % 123 == 0)
        .To(_setup.Output, Produced<string, FullBid>.With(_user.Of(Serdes.String), _user.Of(BenchJson.FullBidSerde)));

    private void Repartition() => WriteCounts(Bids()
        .GroupBy(
            _user.Of<string, Bid, string>((_, bid) => bid.Bidder.ToString(CultureInfo.InvariantCulture)),
            Grouped<string, Bid>.With(_user.Of(Serdes.String), _user.Of<Bid>(BidSerde.Instance)).WithName("by-bidder"))
        .Count(Counts()));

    private void CountPerWindow(TimeWindows windows) => PricedBidsByKey()
        .WindowedBy(windows)
        .Count(Counts())
        .ToStream(_user.Of<Windowed<string>, long, string>(
            (window, _) => string.Create(CultureInfo.InvariantCulture, $"{window.Key}@{window.Window.Start}")))
        .MapValues(_user.Of<long, string>(count => count.ToString(CultureInfo.InvariantCulture)))
        .To(_setup.Output, Produced<string, string>.With(_user.Of(Serdes.String), _user.Of(Serdes.String)));

    /// <summary>A session that grows or merges leaves a tombstone for each of its former bounds.</summary>
    private void CountPerSession() => PricedBidsByKey()
        .WindowedBy(SessionWindows.OfInactivityGapWithNoGrace(TenSeconds))
        .Count(Counts())
        .ToStream(_user.Of<Windowed<string>, long, string>((session, _) =>
            string.Create(CultureInfo.InvariantCulture, $"{session.Key}@{session.Window.Start}-{session.Window.End}")))
        .MapValues(_user.Of<long, string>(count => count.ToString(CultureInfo.InvariantCulture)))
        .To(_setup.Output, Produced<string, string>.With(_user.Of(Serdes.String), _user.Of(Serdes.String)));

    private void JoinTable()
    {
        var auctions = _builder.Table(
            _setup.Input2!,
            Consumed<string, Auction>.With(_user.Of(Serdes.String), _user.Of(BenchJson.AuctionSerde)),
            Materialized<string, Auction>.As("auctions"));
        Bids()
            .Join(auctions, _user.Of<Bid, Auction, AuctionBid>(AuctionBid.Of))
            .To(_setup.Output, Produced<string, AuctionBid>.With(_user.Of(Serdes.String), _user.Of(BenchJson.AuctionBidSerde)));
    }

    private void JoinStream()
    {
        var auctions = _builder.Stream(
            _setup.Input2!, Consumed<string, Auction>.With(_user.Of(Serdes.String), _user.Of(BenchJson.AuctionSerde)));
        Bids()
            .Join(
                auctions,
                _user.Of<Bid, Auction, AuctionBid>(AuctionBid.Of),
                JoinWindows.OfTimeDifferenceWithNoGrace(TenSeconds),
                StreamJoined<string, Bid, Auction>.As("join") with { StoreName = "join" })
            .To(_setup.Output, Produced<string, AuctionBid>.With(_user.Of(Serdes.String), _user.Of(BenchJson.AuctionBidSerde)));
    }

    private void JoinForeignKey()
    {
        var auctions = _builder.Table(
            _setup.Input,
            Consumed<string, Auction>.With(_user.Of(Serdes.String), _user.Of(BenchJson.AuctionSerde)),
            Materialized<string, Auction>.As("auctions"));
        var persons = _builder.Table(
            _setup.Input2!,
            Consumed<string, Person>.With(_user.Of(Serdes.String), _user.Of(BenchJson.PersonSerde)),
            Materialized<string, Person>.As("persons"));
        auctions
            .Join(
                persons,
                _user.Of<Auction, string>(auction => auction.Seller.ToString(CultureInfo.InvariantCulture)),
                _user.Of<Auction, Person, SellerAuction>(SellerAuction.Of))
            .ToStream()
            .To(_setup.Output, Produced<string, SellerAuction>.With(_user.Of(Serdes.String), _user.Of(BenchJson.SellerAuctionSerde)));
    }

    private KStream<string, Bid> Bids() => _builder.Stream(
        _setup.Input, Consumed<string, Bid>.With(_user.Of(Serdes.String), _user.Of<Bid>(BidSerde.Instance)));

    /// <summary>Every bid has a price; asking for it makes the engine read the value.</summary>
    private KGroupedStream<string, Bid> PricedBidsByKey() => Bids()
        .Filter((_, bid) => bid.Price > 0)
        .GroupByKey(Grouped<string, Bid>.With(_user.Of(Serdes.String), _user.Of<Bid>(BidSerde.Instance)));

    private Materialized<string, long> Counts() => Materialized<string, long>.As(CountStore) with
    {
        KeySerde = _user.Of(Serdes.String), ValueSerde = _user.Of(Serdes.Int64), CoalesceUpdates = _setup.CacheBytes > 0,
    };

    private void WriteCounts(KTable<string, long> counts) => counts
        .ToStream()
        .MapValues(_user.Of<long, string>(count => count.ToString(CultureInfo.InvariantCulture)))
        .To(_setup.Output, Produced<string, string>.With(_user.Of(Serdes.String), _user.Of(Serdes.String)));
}
