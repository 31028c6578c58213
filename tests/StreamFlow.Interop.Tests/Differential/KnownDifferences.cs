namespace StreamFlow.Interop.Tests.Differential;

/// <summary>The exchanges in which our broker answers otherwise on purpose.</summary>
internal static class KnownDifferences
{
    private const string SmallSegments = "segments smaller than 1 MiB are allowed: they do no harm, and tests roll with them";
    private const string NothingLetIn = "records that a reader would stumble over are refused";
    private const string CodeThatSaysMore = "Kafka has no better code than UNKNOWN_SERVER_ERROR";

    /// <summary>The reasons, by the exchange's name.</summary>
    public static IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>
    {
        ["create small segment"] = SmallSegments,
        ["create to check"] = "a topic that is not made has no id",
        ["codec 5"] = CodeThatSaysMore,
        ["codec 7"] = CodeThatSaysMore,
        ["garbage zipped"] = CodeThatSaysMore,
        ["not zipped at all"] = CodeThatSaysMore,
        ["wrong offset delta"] = NothingLetIn,
        ["negative key length"] = NothingLetIn,
        ["producer without epoch"] = NothingLetIn,
        ["fetch isolation 7"] = "a number that means nothing is read as 0",
        ["fetch minus one byte"] = "no room is read as no room: one batch is answered",
        ["operation 9"] = CodeThatSaysMore,
        ["broker unknown setting"] = "Kafka keeps a setting that nobody knows; a misspelt one had better be told",
        ["logger unknown"] = "levels of loggers are not changed while running",
    };

    /// <summary>
    /// Lines that differ wherever they stand: clusters with eligible leader replicas (KIP-966) set min.insync.replicas for all brokers.
    /// </summary>
    public static bool IsKnown(string line) => line.Contains("Configs[min.insync.replicas].", StringComparison.Ordinal);
}
