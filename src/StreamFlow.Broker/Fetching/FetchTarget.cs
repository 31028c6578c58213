using StreamFlow.Broker.Partitions;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Fetching;

/// <summary>
/// One partition of a fetch: what is wanted of it, and where it is read. A session keeps it from request to request, with what its
/// client has been told. Used by one request at a time.
/// </summary>
internal sealed class FetchTarget : IRecyclable
{
    private long _toldHighWatermark = -1;
    private long _toldLogStart = -1;
    private FetchResponse.PartitionData? _answer;

    public FetchKey Key { get; private set; }

    /// <summary>What is asked for.</summary>
    public FetchWanted Wanted { get; private set; }

    /// <summary>Where to read, null when the client cannot have it.</summary>
    public Partition? Partition { get; private set; }

    /// <summary>Why the client cannot have it.</summary>
    public ErrorCode Error { get; private set; }

    /// <summary>Says which partition it is, and what is wanted of it.</summary>
    public FetchTarget Begin(FetchKey key, FetchRequest.FetchPartition wanted)
    {
        (Key, Wanted) = (key, FetchWanted.Of(wanted));
        return this;
    }

    /// <summary>The client wants something else from now on.</summary>
    public void Want(FetchRequest.FetchPartition wanted) => Wanted = FetchWanted.Of(wanted);

    /// <inheritdoc/>
    public void Reset()
    {
        (Key, Wanted, Partition, Error, _answer) = (default, default, null, ErrorCode.None, null);
        (_toldHighWatermark, _toldLogStart) = (-1, -1);
    }

    public void Resolve(Partition? partition, ErrorCode error) => (Partition, Error) = (partition, error);

    /// <summary>Whether a session's client has not heard of these yet.</summary>
    public bool IsNews(long highWatermark, long logStart) => highWatermark != _toldHighWatermark || logStart != _toldLogStart;

    /// <summary>What the response under way says of it; null for nothing.</summary>
    public void Answer(FetchResponse.PartitionData? answer) => _answer = answer;

    /// <summary>
    /// The response is the one that is sent. After an error the client hears of the partition again as soon as it has ended.
    /// </summary>
    /// <returns>Whether it brings records of the partition.</returns>
    public bool OnSent()
    {
        if (_answer is not { } told)
        {
            return false;
        }

        _answer = null;
        _toldHighWatermark = told.ErrorCode == ErrorCode.None ? told.HighWatermark : -1;
        _toldLogStart = told.LogStartOffset;
        return told.Records is { IsEmpty: false };
    }
}
