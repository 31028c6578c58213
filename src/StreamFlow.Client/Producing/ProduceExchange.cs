using System.Runtime.CompilerServices;
using StreamFlow.Client.Transport;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Producing;

/// <summary>
/// One produce request, from the first batch that is put into it until what its answer says was sorted. Used again by its lane.
/// </summary>
internal sealed class ProduceExchange
{
    private readonly MessageArena _arena = new();
    private readonly Action _onCompleted;
    private ConfiguredValueTaskAwaitable<Reply<ProduceResponse>>.ConfiguredValueTaskAwaiter _running;

    /// <summary>Creates an empty one.</summary>
    /// <param name="lane">The way that it goes.</param>
    /// <param name="onAnswered">Called each time once the answer has come, or will not.</param>
    public ProduceExchange(BrokerLane lane, Action<ProduceExchange> onAnswered)
    {
        Lane = lane;
        _onCompleted = () => onAnswered(this);
    }

    public BrokerLane Lane { get; }

    /// <summary>What is sent.</summary>
    public List<ProducerBatch> Batches { get; } = [];

    /// <summary>How many of the batches, from the first on, have been told what became of them: they may be other batches by now.</summary>
    public int Settled { get; set; }

    /// <summary>Size of the batches.</summary>
    public int Bytes { get; private set; }

    public void Add(ProducerBatch batch)
    {
        Batches.Add(batch);
        Bytes += batch.Bytes.Length;
    }

    /// <summary>The request; it lives until <see cref="Reset"/>.</summary>
    public ProduceRequest ToRequest(ProducerOptions options, TimeSpan timeout)
    {
        var request = _arena.Rent<ProduceRequest>();
        (request.TransactionalId, request.Acks) = (options.TransactionalId, (short)options.Acks);
        request.TimeoutMs = (int)timeout.TotalMilliseconds;
        foreach (var batch in Batches)
        {
            var data = _arena.Rent<ProduceRequest.PartitionProduceData>();
            (data.Index, data.Records) = (batch.Queue.Partition.Partition, batch.Bytes);
            TopicOf(request, batch.Queue.Partition.Topic).PartitionData.Add(data);
        }

        return request;
    }

    /// <summary>Follows the request.</summary>
    public void Follow(ValueTask<Reply<ProduceResponse>> running)
    {
        _running = running.ConfigureAwait(false).GetAwaiter();
        if (_running.IsCompleted)
        {
            _onCompleted();
        }
        else
        {
            _running.UnsafeOnCompleted(_onCompleted);
        }
    }

    /// <summary>The answer, or throws why there is none. To be called once.</summary>
    public Reply<ProduceResponse> TakeReply()
    {
        var running = _running;
        _running = default;
#pragma warning disable VSTHRD002 // it has ended: taking its result blocks nobody
        return running.GetResult();
#pragma warning restore VSTHRD002
    }

    /// <summary>Makes it ready for the next batches.</summary>
    public void Reset()
    {
        Batches.Clear();
        (Settled, Bytes) = (0, 0);
        _arena.Reset();
    }

    private ProduceRequest.TopicProduceData TopicOf(ProduceRequest request, string name)
    {
        foreach (var known in request.TopicData)
        {
            if (known.Name == name)
            {
                return known;
            }
        }

        var topic = _arena.Rent<ProduceRequest.TopicProduceData>();
        topic.Name = name;
        request.TopicData.Add(topic);
        return topic;
    }
}
