using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Tests.Runtime;

/// <summary>Topologies with every kind of store, and input for them.</summary>
internal static class StatefulTopologies
{
    private const char Deleted = '-';

    /// <summary>What to ask <see cref="Build"/> for.</summary>
    public static TheoryData<string> Kinds { get; } =
    [
        "left stream join",
        "outer stream join",
        "stream-table join with grace",
        "versioned table",
        "foreign-key join",
        "suppress until a time limit",
        "suppress until windows close",
        "windows emitted on close",
        "sessions emitted on close",
        "sliding windows",
    ];

    /// <summary>
    /// Records of topic <c>in</c>: the value is the side (l or r) and a text, or a dash for a deletion.
    /// </summary>
    public static List<(string Key, string Value, long Time)> Input(int count, int seed)
    {
        var random = new Random(seed);
        var records = new List<(string, string, long)>();
        var time = 100L;
        for (var i = 0; i < count; i++)
        {
            time += random.Next(0, 8);
            var text = random.Next(6) == 0 ? $"{Deleted}" : $"{(char)('a' + random.Next(3))}{i}";
            records.Add(($"{(char)('a' + random.Next(3))}", (random.Next(2) == 0 ? "l" : "r") + text, time - random.Next(0, 15)));
        }

        return records;
    }

    /// <summary>Builds a topology from topic <c>in</c> to topic <c>out</c>.</summary>
    public static Topology Build(string kind)
    {
        var builder = new StreamsBuilder();
        var input = builder.Stream<string, string>("in");
        var windows = JoinWindows.OfTimeDifferenceAndGrace(Ms(10), Ms(5));
        switch (kind)
        {
            case "left stream join":
                Left().LeftJoin(Right(), Pair, windows).To("out");
                break;
            case "outer stream join":
                Left().OuterJoin(Right(), Pair, windows.Before(Ms(3))).To("out");
                break;
            case "stream-table join with grace":
                Left().LeftJoin(Right().ToTable(new() { HistoryRetention = Ms(60) }), Pair, new() { GracePeriod = Ms(12) }).To("out");
                break;
            case "versioned table":
                Left().ToTable(new() { HistoryRetention = Ms(20) }).Filter((_, v) => v.Length > 1).ToStream().Merge(Right()).To("out");
                break;
            case "foreign-key join":
                Left().ToTable().LeftJoin(Right().ToTable(), v => v[..1], Pair).ToStream().To("out");
                break;
            case "suppress until a time limit":
                Left().ToTable().Suppress(Suppressed.UntilTimeLimit(Ms(10), BufferLimits.Unbounded.WithMaxRecords(2).EmitEarlyWhenFull()))
                    .ToStream().Merge(Right()).To("out");
                break;
            case "suppress until windows close":
                Text(Counted().Suppress(Suppressed.UntilWindowCloses(BufferLimits.Unbounded)));
                break;
            case "windows emitted on close":
                Text(Left().Merge(Right()).GroupByKey().WindowedBy(TimeWindows.OfSizeAndGrace(Ms(10), Ms(6)).AdvanceBy(Ms(5)))
                    .EmitStrategy(EmitStrategy.OnWindowClose).Count());
                break;
            case "sessions emitted on close":
                Text(Left().Merge(Right()).GroupByKey().WindowedBy(SessionWindows.OfInactivityGapAndGrace(Ms(4), Ms(6)))
                    .EmitStrategy(EmitStrategy.OnWindowClose).Count());
                break;
            case "sliding windows":
                Text(Left().Merge(Right()).GroupByKey().WindowedBy(SlidingWindows.OfTimeDifferenceAndGrace(Ms(6), Ms(6))).Count());
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such topology");
        }

        return builder.Build();

        KStream<string, string> Left() => Side('l');
        KStream<string, string> Right() => Side('r');
        KStream<string, string> Side(char side) =>
            input.Filter((_, value) => value[0] == side).MapValues(value => value[1] == Deleted ? null! : value[1..]);
        KTable<Windowed<string>, long> Counted() =>
            Left().Merge(Right()).GroupByKey().WindowedBy(TimeWindows.OfSizeAndGrace(Ms(10), Ms(6))).Count();
    }

    private static void Text(KTable<Windowed<string>, long> table) =>
        table.ToStream((key, _) => key.ToString()).MapValues(v => $"{v}").To("out");

    private static string Pair(string? left, string? right) => $"({left},{right})";

    private static TimeSpan Ms(int ms) => TimeSpan.FromMilliseconds(ms);
}
