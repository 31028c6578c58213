namespace StreamFlow.Fuzz.Tests.Requests;

/// <summary>
/// The names and ids that random requests use: few, so that requests meet each other, and those that the broker gave out, so that they get
/// past the first check.
/// </summary>
internal sealed class RequestWords
{
    private const int MostKept = 64;
    private readonly List<string> _members = ["", "member"];
    private readonly List<long> _producers = [-1, 0, 1];
    private readonly List<Guid> _topicIds = [Guid.Empty];

    /// <summary>The topics that exist when a broker starts; requests may delete them.</summary>
    public static IReadOnlyList<string> Topics { get; } = ["a", "b", "c", "compacted"];

    /// <summary>A topic that no request names.</summary>
    public const string Bystander = "a-topic-that-no-random-request-names";

    public void AddMember(string member) => Keep(_members, member);

    public void AddProducer(long id) => Keep(_producers, id);

    public void AddTopicId(Guid id) => Keep(_topicIds, id);

    public Guid TopicId(Random random) => Any(random, _topicIds);

    public string Text(Random random, string field) => random.Next(20) == 0
        ? Odd(random)
        : field switch
        {
            "GroupId" or "Group" or "GroupName" => Any(random, ["g", "h", ""]),
            "MemberId" => Any(random, _members),
            "GroupInstanceId" => Any(random, ["i", "j"]),
            "TransactionalId" => Any(random, ["t", "u"]),
            "ProtocolType" => "consumer",
            "Name" or "Topic" or "TopicName" or "ResourceName" => Any(random, Topics),
            "ServerAssignor" => Any(random, ["uniform", "range"]),
            _ => Any(random, ["", "0", "range", "roundrobin", "consumer", "retention.ms", "cleanup.policy", "compact", "User:a", "PLAIN"]),
        };

    public long Number(Random random, string field) => random.Next(20) == 0
        ? random.NextInt64(long.MinValue, long.MaxValue)
        : field switch
        {
            "ProducerId" => Any(random, _producers),
            "ProducerEpoch" or "Epoch" => random.Next(-1, 3),
            "MemberEpoch" or "GenerationId" or "GenerationIdOrMemberEpoch" => random.Next(-2, 5),
            "Acks" => random.Next(-1, 2),
            "PartitionIndex" or "Partition" or "Index" or "PartitionId" => random.Next(-1, 3),
            "NumPartitions" or "Count" => random.Next(-2, 8),
            "TimeoutMs" or "MaxWaitMs" or "RebalanceTimeoutMs" => random.Next(0, 50),
            "SessionTimeoutMs" or "TransactionTimeoutMs" => Any(random, [6000, 10000, 60000]),
            "MaxBytes" or "PartitionMaxBytes" => Any(random, [0, 1, 100, 1 << 20]),
            "Timestamp" => Any(random, [-1, -2, -3, -4, -5, -6, 0, 1]),
            _ => random.Next(-2, 6),
        };

    private static string Odd(Random random) => random.Next(4) switch
    {
        0 => new string('x', random.Next(400)),
        1 => "..",
        2 => "a/b\0c",
        _ => "é\uD83D\uDE00*",
    };

    private static T Any<T>(Random random, IReadOnlyList<T> words) => words[random.Next(words.Count)];

    private static void Keep<T>(List<T> words, T word)
    {
        if (words.Count >= MostKept)
        {
            words.RemoveAt(words.Count / 2);
        }

        words.Add(word);
    }
}
