using System.Threading.Tasks.Sources;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Memory;
using StreamFlow.Protocol;

namespace StreamFlow.Client.Transport;

/// <summary>
/// A request on the wire whose answer is of a type. It is its own task source, and is used again when both sides are done with it: whoever
/// waits has taken the result, and the connection has ended it. One that is given up otherwise is left to the collector.
/// </summary>
internal sealed class PendingAnswer<TResponse> : PendingRequest, IValueTaskSource<Reply<TResponse>>
    where TResponse : class, IResponse, IVersioned<TResponse>, new()
{
    private const int MostKept = 64;
    private const int Sides = 2;

    private static readonly ObjectPool<PendingAnswer<TResponse>> Free = new(static () => new PendingAnswer<TResponse>(), MostKept);

    private static string? s_subject;

    private ManualResetValueTaskSourceCore<Reply<TResponse>> _source;
    private CancellationTokenRegistration _cancel;
    private int _hasEnded;
    private int _sides;

    public override string Subject => s_subject ??= ApiKey.ToString();

    /// <summary>A request that begins to wait.</summary>
    public static PendingAnswer<TResponse> Rent(ApiKey apiKey, short version, int correlationId, long deadline)
    {
        var pending = Free.Rent();
        pending.Begin(apiKey, version, correlationId, deadline);
        (pending._hasEnded, pending._sides) = (0, Sides);

        // What waits for these is the client's own, quick, and there is one a batch: it runs on the thread that reads, because handing it
        // to another costs more than doing it. What waits for the others may be the application's.
        pending._source.RunContinuationsAsynchronously = apiKey is not (ApiKey.Produce or ApiKey.Fetch);
        return pending;
    }

    /// <summary>
    /// The answer, to be awaited once. When the token is cancelled the wait ends; the answer is read and dropped when it comes.
    /// </summary>
    public ValueTask<Reply<TResponse>> WaitAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _cancel = cancellationToken.UnsafeRegister(static (p, token) => ((PendingAnswer<TResponse>)p!).Cancel(token), this);
        }

        return new(this, _source.Version);
    }

    public override void Complete(ref ProtocolReader reader, SharedBuffer? buffer)
    {
        var message = TResponse.Read(ref reader, LayoutOf(reader));
        if (TryEnd())
        {
            _source.SetResult(new(message, buffer));
        }
        else
        {
            buffer?.Release();
        }

        LeaveSide();
    }

    public override void CompleteUnanswered()
    {
        if (TryEnd())
        {
            _source.SetResult(new(new TResponse(), null));
        }

        LeaveSide();
    }

    public override void Fail(Exception error)
    {
        if (TryEnd())
        {
            _source.SetException(error);
        }

        LeaveSide();
    }

    Reply<TResponse> IValueTaskSource<Reply<TResponse>>.GetResult(short token)
    {
        // Whoever cancels is done with this object when this returns.
        _cancel.Dispose();
        _cancel = default;
        try
        {
            return _source.GetResult(token);
        }
        finally
        {
            LeaveSide();
        }
    }

    ValueTaskSourceStatus IValueTaskSource<Reply<TResponse>>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<Reply<TResponse>>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private void Cancel(CancellationToken cancellationToken)
    {
        if (TryEnd())
        {
            _source.SetException(new OperationCanceledException(cancellationToken));
        }
    }

    private bool TryEnd() => Interlocked.Exchange(ref _hasEnded, 1) == 0;

    private void LeaveSide()
    {
        if (Interlocked.Decrement(ref _sides) != 0)
        {
            return;
        }

        _source.Reset();
        Free.Return(this);
    }

    // A broker that does not know this version of ApiVersions says so in the layout of version 0 (KIP-511).
    private short LayoutOf(ProtocolReader reader) =>
        ApiKey == ApiKey.ApiVersions && reader.Remaining >= 2
            && reader.ReadInt16() == (short)ErrorCode.UnsupportedVersion ? (short)0 : Version;
}
