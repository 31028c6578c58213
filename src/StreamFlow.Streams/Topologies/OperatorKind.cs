namespace StreamFlow.Streams.Topologies;

/// <summary>What an operator is called: Kafka Streams' prefix, and the word of stable names.</summary>
internal sealed record OperatorKind(string Prefix, string Word)
{
    public static readonly OperatorKind Source = new("KSTREAM-SOURCE-", "source");
    public static readonly OperatorKind Sink = new("KSTREAM-SINK-", "to");
    public static readonly OperatorKind Filter = new("KSTREAM-FILTER-", "filter");
    public static readonly OperatorKind Map = new("KSTREAM-MAP-", "map");
    public static readonly OperatorKind MapValues = new("KSTREAM-MAPVALUES-", "map-values");
    public static readonly OperatorKind FlatMap = new("KSTREAM-FLATMAP-", "flat-map");
    public static readonly OperatorKind FlatMapValues = new("KSTREAM-FLATMAPVALUES-", "flat-map-values");
    public static readonly OperatorKind SelectKey = new("KSTREAM-KEY-SELECT-", "select-key");
    public static readonly OperatorKind Peek = new("KSTREAM-PEEK-", "peek");
    public static readonly OperatorKind ForEach = new("KSTREAM-FOREACH-", "for-each");
    public static readonly OperatorKind Print = new("KSTREAM-PRINTER-", "print");
    public static readonly OperatorKind Branch = new("KSTREAM-BRANCH-", "split");
    public static readonly OperatorKind Merge = new("KSTREAM-MERGE-", "merge");
    public static readonly OperatorKind Process = new("KSTREAM-PROCESSOR-", "process");
    public static readonly OperatorKind ProcessValues = new("KSTREAM-PROCESSVALUES-", "process-values");
    public static readonly OperatorKind Repartition = new("KSTREAM-REPARTITION-", "repartition");
    public static readonly OperatorKind Aggregate = new("KSTREAM-AGGREGATE-", "aggregate");
    public static readonly OperatorKind Reduce = new("KSTREAM-REDUCE-", "reduce");
    public static readonly OperatorKind Cogroup = new("COGROUPKSTREAM-AGGREGATE-", "cogroup");
    public static readonly OperatorKind CogroupMerge = new("COGROUPKSTREAM-MERGE-", "cogroup-merge");
    public static readonly OperatorKind StreamTableJoin = new("KSTREAM-JOIN-", "join");
    public static readonly OperatorKind StreamTableLeftJoin = new("KSTREAM-LEFTJOIN-", "left-join");
    public static readonly OperatorKind Windowed = new("KSTREAM-WINDOWED-", "windowed");
    public static readonly OperatorKind JoinThis = new("KSTREAM-JOINTHIS-", "join-this");
    public static readonly OperatorKind JoinOther = new("KSTREAM-JOINOTHER-", "join-other");
    public static readonly OperatorKind OuterThis = new("KSTREAM-OUTERTHIS-", "outer-this");
    public static readonly OperatorKind OuterOther = new("KSTREAM-OUTEROTHER-", "outer-other");
    public static readonly OperatorKind TableSource = new("KTABLE-SOURCE-", "table");
    public static readonly OperatorKind ToTable = new("KSTREAM-TOTABLE-", "to-table");
    public static readonly OperatorKind TableFilter = new("KTABLE-FILTER-", "filter");
    public static readonly OperatorKind TableMapValues = new("KTABLE-MAPVALUES-", "map-values");
    public static readonly OperatorKind TableTransformValues = new("KTABLE-TRANSFORMVALUES-", "transform-values");
    public static readonly OperatorKind ToStream = new("KTABLE-TOSTREAM-", "to-stream");
    public static readonly OperatorKind TableSelect = new("KTABLE-SELECT-", "group-by");
    public static readonly OperatorKind TableAggregate = new("KTABLE-AGGREGATE-", "aggregate");
    public static readonly OperatorKind TableReduce = new("KTABLE-REDUCE-", "reduce");
    public static readonly OperatorKind Suppress = new("KTABLE-SUPPRESS-", "suppress");
    public static readonly OperatorKind TableJoinThis = new("KTABLE-JOINTHIS-", "join-this");
    public static readonly OperatorKind TableJoinOther = new("KTABLE-JOINOTHER-", "join-other");
    public static readonly OperatorKind TableMerge = new("KTABLE-MERGE-", "join");
    public static readonly OperatorKind TableSink = new("KTABLE-SINK-", "sink");
    public static readonly OperatorKind ForeignRegistration = new("KTABLE-FK-JOIN-SUBSCRIPTION-REGISTRATION-", "subscribe");
    public static readonly OperatorKind ForeignSubscription = new("KTABLE-FK-JOIN-SUBSCRIPTION-PROCESSOR-", "subscription");
    public static readonly OperatorKind ForeignStore = new("KTABLE-FK-JOIN-SUBSCRIPTION-", "subscription");
    public static readonly OperatorKind ForeignResponse = new("KTABLE-FK-JOIN-SUBSCRIPTION-RESPONSE-", "response");
    public static readonly OperatorKind ForeignResolver = new("KTABLE-FK-JOIN-SUBSCRIPTION-RESPONSE-RESOLVER-PROCESSOR-", "resolve");
    public static readonly OperatorKind ForeignOutput = new("KTABLE-FK-JOIN-OUTPUT-", "foreign-key-join");
}
