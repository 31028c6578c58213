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

    private BenchTopologies(ApplicationSetup setup) => _setup = setup;

    /// <summary>The names that <see cref="Build"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "passthrough", "map-json", "filter", "count", "count-many-keys", "eos-count", "window-tumbling", "window-hopping", "session",
        "join-table", "join-stream", "join-fk", "repartition",
    ];

    /// <summary>Builds a topology.</summary>
    /// <exception cref="UsageException">There is none of this name, or it has another number of inputs.</exception>
    public static Topology Build(ApplicationSetup setup)
    {
        if (setup.Topology.StartsWith("join-", StringComparison.Ordinal) != setup.Input2 is not null)
        {
            throw new UsageException("--input2 belongs to the join topologies, and they need it");
        }

        var topologies = new BenchTopologies(setup);
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
        .Stream(_setup.Input, Consumed<byte[], byte[]>.With(Serdes.Bytes, Serdes.Bytes))
        .To(_setup.Output, Produced<byte[], byte[]>.With(Serdes.Bytes, Serdes.Bytes));

    private void MapJson() => Bids()
        .MapValues(EuroBid.Of)
        .To(_setup.Output, Produced<string, EuroBid>.With(Serdes.String, BenchJson.EuroBidSerde));

    private void Filter() => _builder
        .Stream(_setup.Input, Consumed<string, FullBid>.With(Serdes.String, BenchJson.FullBidSerde))
        .Filter((_, bid) => bid.Auction % 123 == 0)
        .To(_setup.Output, Produced<string, FullBid>.With(Serdes.String, BenchJson.FullBidSerde));

    private void Repartition() => WriteCounts(Bids()
        .GroupBy(
            (_, bid) => bid.Bidder.ToString(CultureInfo.InvariantCulture),
            Grouped<string, Bid>.With(Serdes.String, BidSerde.Instance).WithName("by-bidder"))
        .Count(Counts()));

    private void CountPerWindow(TimeWindows windows) => PricedBidsByKey()
        .WindowedBy(windows)
        .Count(Counts())
        .ToStream((window, _) => string.Create(CultureInfo.InvariantCulture, $"{window.Key}@{window.Window.Start}"))
        .MapValues(count => count.ToString(CultureInfo.InvariantCulture))
        .To(_setup.Output, Produced<string, string>.With(Serdes.String, Serdes.String));

    /// <summary>A session that grows or merges leaves a tombstone for each of its former bounds.</summary>
    private void CountPerSession() => PricedBidsByKey()
        .WindowedBy(SessionWindows.OfInactivityGapWithNoGrace(TenSeconds))
        .Count(Counts())
        .ToStream((session, _) =>
            string.Create(CultureInfo.InvariantCulture, $"{session.Key}@{session.Window.Start}-{session.Window.End}"))
        .MapValues(count => count.ToString(CultureInfo.InvariantCulture))
        .To(_setup.Output, Produced<string, string>.With(Serdes.String, Serdes.String));

    private void JoinTable()
    {
        var auctions = _builder.Table(
            _setup.Input2!,
            Consumed<string, Auction>.With(Serdes.String, BenchJson.AuctionSerde),
            Materialized<string, Auction>.As("auctions"));
        Bids()
            .Join(auctions, AuctionBid.Of)
            .To(_setup.Output, Produced<string, AuctionBid>.With(Serdes.String, BenchJson.AuctionBidSerde));
    }

    private void JoinStream()
    {
        var auctions = _builder.Stream(
            _setup.Input2!, Consumed<string, Auction>.With(Serdes.String, BenchJson.AuctionSerde));
        Bids()
            .Join(
                auctions,
                AuctionBid.Of,
                JoinWindows.OfTimeDifferenceWithNoGrace(TenSeconds),
                StreamJoined<string, Bid, Auction>.As("join") with { StoreName = "join" })
            .To(_setup.Output, Produced<string, AuctionBid>.With(Serdes.String, BenchJson.AuctionBidSerde));
    }

    private void JoinForeignKey()
    {
        var auctions = _builder.Table(
            _setup.Input,
            Consumed<string, Auction>.With(Serdes.String, BenchJson.AuctionSerde),
            Materialized<string, Auction>.As("auctions"));
        var persons = _builder.Table(
            _setup.Input2!,
            Consumed<string, Person>.With(Serdes.String, BenchJson.PersonSerde),
            Materialized<string, Person>.As("persons"));
        auctions
            .Join(persons, auction => auction.Seller.ToString(CultureInfo.InvariantCulture), SellerAuction.Of)
            .ToStream()
            .To(_setup.Output, Produced<string, SellerAuction>.With(Serdes.String, BenchJson.SellerAuctionSerde));
    }

    private KStream<string, Bid> Bids() => _builder.Stream(
        _setup.Input, Consumed<string, Bid>.With(Serdes.String, BidSerde.Instance));

    /// <summary>Every bid has a price; asking for it makes the engine read the value.</summary>
    private KGroupedStream<string, Bid> PricedBidsByKey() => Bids()
        .Filter((_, bid) => bid.Price > 0)
        .GroupByKey(Grouped<string, Bid>.With(Serdes.String, BidSerde.Instance));

    private Materialized<string, long> Counts() => Materialized<string, long>.As(CountStore) with
    {
        KeySerde = Serdes.String, ValueSerde = Serdes.Int64, CoalesceUpdates = _setup.CacheBytes > 0,
    };

    private void WriteCounts(KTable<string, long> counts) => counts
        .ToStream()
        .MapValues(count => count.ToString(CultureInfo.InvariantCulture))
        .To(_setup.Output, Produced<string, string>.With(Serdes.String, Serdes.String));
}
