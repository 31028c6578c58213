using StreamFlow.Client.Transport;
using StreamFlow.Core.Memory;

namespace StreamFlow.Client.Producing;

/// <summary>What the sender knows of one broker: the way to it, the requests on their way, and the request being put together.</summary>
internal sealed class BrokerLane
{
    private const int MostKept = 16;

    private readonly ObjectPool<ProduceExchange> _free;
    private int _inFlight;

    public BrokerLane(BrokerChannel channel, Action<ProduceExchange> onAnswered)
    {
        Channel = channel;
        _free = new(() => new ProduceExchange(this, onAnswered), MostKept);
        Next = _free.Rent();
    }

    public BrokerChannel Channel { get; }

    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>The request being put together.</summary>
    public ProduceExchange Next { get; private set; }

    /// <summary>
    /// Whether another request may go out. Requests are written in the order in which they are handed over only while the connection is
    /// open; the one that opens it goes alone.
    /// </summary>
    public bool HasRoom(int maxInFlight) => InFlight < (Channel.IsOpen ? maxInFlight : 1);

    /// <summary>Takes the request that was put together and counts it as on its way.</summary>
    public ProduceExchange Depart()
    {
        Interlocked.Increment(ref _inFlight);
        var next = Next;
        Next = _free.Rent();
        return next;
    }

    /// <summary>Nobody looks at a request any more.</summary>
    public void Arrive(ProduceExchange exchange)
    {
        exchange.Reset();
        _free.Return(exchange);
        Interlocked.Decrement(ref _inFlight);
    }
}
