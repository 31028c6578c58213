using StreamFlow.Broker;
using StreamFlow.Client.Transport;
using StreamFlow.Core.Memory;
using StreamFlow.Protocol;

namespace StreamFlow.Embedded.InProcess;

/// <summary>A call with all it needs until the client has read the answer; used again then, if the answer was lent.</summary>
#pragma warning disable CA1001 // a source without a timer or a wait handle has nothing to dispose
internal sealed class InProcessCall
#pragma warning restore CA1001
{
    private const int MostKept = 256;
    private const string ClientHost = "in-process";

    private static readonly ObjectPool<InProcessCall> Free = new(static () => new InProcessCall(), MostKept);

    private readonly MessageArena _arena = new();
    private readonly SharedBuffer _answer;
    private CancellationTokenSource _aborted = new();
    private CancellationTokenRegistration _byConnection;
    private CancellationTokenRegistration _byCaller;

    private InProcessCall()
    {
        Context = new RequestContext(_arena);
        _answer = new SharedBuffer(End);
    }

    public RequestContext Context { get; }

    /// <summary>Begins a call.</summary>
    /// <param name="version">The version of its API.</param>
    /// <param name="clientId">Who calls.</param>
    /// <param name="closing">Cancelled when the connection is closed.</param>
    /// <param name="cancellationToken">Cancelled when the caller gives up.</param>
    public static InProcessCall Begin(short version, string clientId, CancellationToken closing, CancellationToken cancellationToken)
    {
        var call = Free.Rent();
        call._byConnection = closing.UnsafeRegister(static c => ((InProcessCall)c!)._aborted.Cancel(), call);
        call._byCaller = cancellationToken.UnsafeRegister(static c => ((InProcessCall)c!)._aborted.Cancel(), call);
        call.Context.Begin(version, clientId, ClientHost, call._aborted.Token);
        return call;
    }

    /// <summary>Lends the answer to the caller, who ends the call by releasing it.</summary>
    public SharedBuffer Lend()
    {
        StopListening();
        _answer.Renew();
        return _answer;
    }

    /// <summary>Ends a call that is not used again: its answer is the caller's, or it has failed.</summary>
    public void Drop()
    {
        StopListening();
        Context.Dispose();
    }

    private void End()
    {
        Context.Dispose();
        _arena.Reset();
        if (!_aborted.TryReset())
        {
            _aborted = new CancellationTokenSource();
        }

        Free.Return(this);
    }

    // A callback that is just running is waited for: it may not hit the next call.
    private void StopListening()
    {
        _byCaller.Dispose();
        _byConnection.Dispose();
    }
}
