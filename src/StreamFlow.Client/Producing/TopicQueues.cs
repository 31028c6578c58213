using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Producing;

/// <summary>The partitions of one topic that were written to. Readers need no lock.</summary>
internal sealed class TopicQueues(string topic, int stickyBytes)
{
    private readonly Lock _gate = new();
    private PartitionQueue?[] _queues = [];
    private int _sticky = -1;
    private int _stickyLeft;

    public string Topic { get; } = topic;

    /// <summary>The sends that wait for metadata or room.</summary>
    public SendLine Line { get; } = new();

    public PartitionQueue Get(int partition)
    {
        var queues = Volatile.Read(ref _queues);
        return (uint)partition < (uint)queues.Length && queues[partition] is { } queue ? queue : Add(partition);
    }

    public IEnumerable<PartitionQueue> All => Volatile.Read(ref _queues).OfType<PartitionQueue>();

    /// <summary>
    /// The partition of a record without key: the same one until a batch's worth of bytes went there, then another (KIP-794), since few
    /// full batches are cheaper than many small ones.
    /// </summary>
    public int NextSticky(PartitionMetadata[] partitions, int recordBytes, Random random)
    {
        lock (_gate)
        {
            if (_stickyLeft <= 0 || _sticky >= partitions.Length || partitions[_sticky].Leader < 0)
            {
                var first = random.Next(partitions.Length);
                _sticky = first;
                for (var i = 0; i < partitions.Length && partitions[_sticky].Leader < 0; i++)
                {
                    _sticky = (first + i) % partitions.Length;
                }

                _stickyLeft = stickyBytes;
            }

            _stickyLeft -= recordBytes;
            return _sticky;
        }
    }

    private PartitionQueue Add(int partition)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(partition);
        lock (_gate)
        {
            var queues = _queues;
            if (partition >= queues.Length)
            {
                Array.Resize(ref queues, partition + 1);
            }

            var queue = queues[partition] ??= new PartitionQueue(new TopicPartition(Topic, partition));
            Volatile.Write(ref _queues, queues);
            return queue;
        }
    }
}
