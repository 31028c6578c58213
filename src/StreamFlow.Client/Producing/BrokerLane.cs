using StreamFlow.Client.Transport;

namespace StreamFlow.Client.Producing;

/// <summary>What the sender knows of one broker: the way to it, the requests on their way, and the request being put together.</summary>
internal sealed class BrokerLane(BrokerChannel channel)
{
    private int _inFlight;

    public BrokerChannel Channel { get; } = channel;

    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>
    /// Whether another request may go out. Requests are written in the order in which they are handed over only while the connection is
    /// open; the one that opens it goes alone.
    /// </summary>
    public bool HasRoom(int maxInFlight) => InFlight < (Channel.IsOpen ? maxInFlight : 1);

    public List<ProducerBatch> Next { get; private set; } = [];

    public int NextBytes { get; private set; }

    public void Add(ProducerBatch batch)
    {
        Next.Add(batch);
        NextBytes += batch.Bytes.Length;
    }

    /// <summary>Takes the request that was put together and counts it as on its way.</summary>
    public List<ProducerBatch> Depart()
    {
        Interlocked.Increment(ref _inFlight);
        var batches = Next;
        Next = [];
        NextBytes = 0;
        return batches;
    }

    public void Arrive() => Interlocked.Decrement(ref _inFlight);
}
