using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Processes.Tests.Crashes.Groups;

/// <summary>
/// The share session of a member: what it has, and the requests that fetch more and say what became of it. The session ends with its
/// connection. The broker has to confirm whatever it was told of records that the member must have.
/// </summary>
internal sealed class ShareSession(GroupTarget target, ShareLedger ledger)
{
    private const short Version = 2;
    private const int ClosingEpoch = -1;

    private List<int> _fetched = [];
    private int _epoch;
    private int _life;
    private int _connection;

    /// <summary>The records that the member was handed and has said nothing of.</summary>
    public List<ShareRecords> Has { get; } = [];

    /// <summary>Forgets the session when its connection is gone.</summary>
    public void Notice(BrokerLink link)
    {
        if (link.Lost != _connection)
        {
            End();
            _connection = link.Lost;
        }
    }

    /// <summary>Forgets the session: what the member has is for others.</summary>
    public void End()
    {
        ledger.Lose(Has);
        Has.Clear();
        _epoch = 0;
    }

    /// <summary>Says what became of records; when that ends the session, the rest goes to others.</summary>
    public async Task AcknowledgeAsync(
        BrokerLink link, string memberId, List<ShareWord> said, bool isLast, CancellationToken stopping)
    {
        if (_epoch == 0)
        {
            return;
        }

        Say(said);
        if (isLast)
        {
            ledger.Lose(Has);
        }

        var request = new ShareAcknowledgeRequest
        {
            GroupId = target.Group, MemberId = memberId, ShareSessionEpoch = isLast ? ClosingEpoch : _epoch,
            Topics = said.Count == 0 ? [] :
            [
                new()
                {
                    TopicId = target.TopicId,
                    Partitions = [.. said.GroupBy(w => w.Records.Partition).Select(p => new ShareAcknowledgeRequest.AcknowledgePartition
                    {
                        PartitionIndex = p.Key,
                        AcknowledgementBatches = [.. p.Select(w => new ShareAcknowledgeRequest.AcknowledgementBatch
                        {
                            FirstOffset = w.Records.First, LastOffset = w.Records.Last, AcknowledgeTypes = TypesOf(w),
                        })],
                    })],
                },
            ],
        };
        var answer = await link.SendAsync(request, Version, stopping);
        if (!GoesOn(link, answer?.ErrorCode))
        {
            return;
        }

        Learn(said, answer!.Responses.SelectMany(t => t.Partitions).ToDictionary(p => p.PartitionIndex, p => p.ErrorCode));
        if (isLast)
        {
            End();
        }
    }

    /// <summary>Fetches, and says what became of records on the way.</summary>
    public async Task FetchAsync(
        BrokerLink link, string memberId, IReadOnlyList<int> wanted, List<ShareWord> said, bool isExact, CancellationToken stopping)
    {
        if (_epoch == 0)
        {
            (_life, _fetched) = (target.Lives(), []);
        }

        Say(said);
        var asked = TimeProvider.System.GetTimestamp();
        var named = wanted.Except(_fetched).Concat(said.Select(w => w.Records.Partition)).Distinct();
        var request = new ShareFetchRequest
        {
            GroupId = target.Group, MemberId = memberId, ShareSessionEpoch = _epoch,
            MaxWaitMs = 50, MinBytes = 1, MaxBytes = 1 << 20, MaxRecords = 300, BatchSize = 100, ShareAcquireMode = isExact ? (sbyte)1 : (sbyte)0,
            Topics = [new() { TopicId = target.TopicId, Partitions = [.. named.Select(p => Partition(p, said))] }],
            ForgottenTopicsData = [new() { TopicId = target.TopicId, Partitions = [.. _fetched.Except(wanted)] }],
        };
        var answer = await link.SendAsync(request, Version, stopping);
        if (!GoesOn(link, answer?.ErrorCode))
        {
            return;
        }

        _fetched = [.. wanted];
        var partitions = answer!.Responses.SelectMany(t => t.Partitions).ToList();
        Learn(said, partitions.ToDictionary(p => p.PartitionIndex, p => p.AcknowledgeErrorCode));
        foreach (var (partition, range) in partitions.SelectMany(p => p.AcquiredRecords.Select(r => (p.PartitionIndex, r))))
        {
            var records = new ShareRecords(partition, range.FirstOffset, range.LastOffset, range.DeliveryCount, asked);
            ledger.Deliver(memberId, _life, records);
            Has.Add(records);
        }
    }

    private static ShareFetchRequest.FetchPartition Partition(int partition, List<ShareWord> said) => new()
    {
        PartitionIndex = partition,
        AcknowledgementBatches = [.. said.Where(w => w.Records.Partition == partition).Select(w => new ShareFetchRequest.AcknowledgementBatch
        {
            FirstOffset = w.Records.First, LastOffset = w.Records.Last, AcknowledgeTypes = TypesOf(w),
        })],
    };

    /// <summary>One word for all records, or one for each: the same to the broker.</summary>
    private static List<sbyte> TypesOf(ShareWord word) => long.IsEvenInteger(word.Records.First)
        ? [(sbyte)word.Action]
        : [.. Enumerable.Repeat((sbyte)word.Action, (int)(word.Records.Last - word.Records.First + 1))];

    private void Say(List<ShareWord> said)
    {
        foreach (var word in said)
        {
            ledger.Say(word);
        }

        if (said.Count > 0)
        {
            // All or nothing is said.
            Has.Clear();
        }
    }

    private bool GoesOn(BrokerLink link, ErrorCode? error)
    {
        Notice(link);
        if (error is not (null or ErrorCode.None))
        {
            throw new InvalidOperationException($"share group: session epoch {_epoch} is answered with {error}");
        }

        _epoch += error is null ? 0 : 1;
        return error is not null;
    }

    private void Learn(List<ShareWord> said, Dictionary<int, ErrorCode> errors)
    {
        foreach (var word in said)
        {
            var error = errors[word.Records.Partition];
            if (error == ErrorCode.None)
            {
                ledger.Confirm(word);
            }
            else if (word.Records.AreLocked)
            {
                throw new InvalidOperationException($"share group: {word} is answered with {error}");
            }
        }
    }
}
