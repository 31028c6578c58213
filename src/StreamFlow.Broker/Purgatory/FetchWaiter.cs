using System.Threading.Tasks.Sources;
using StreamFlow.Protocol;

namespace StreamFlow.Broker.Purgatory;

/// <summary>
/// A fetch that waits for bytes. It is entered in the list of every partition it reads; each append there may complete it, and so does
/// its alarm. It serves one wait after the other: an alarm that was just going off may end the next one for nothing, which costs a look.
/// </summary>
internal sealed class FetchWaiter : TimerEntry, IValueTaskSource, IRecyclable
{
    private enum State
    {
        /// <summary>It serves nobody, or its wait has ended.</summary>
        Ended,

        /// <summary>It is in the lists, and its fetch looks whether it has to wait.</summary>
        Looking,

        /// <summary>Its fetch waits: whoever ends that sees to it that it goes on.</summary>
        Awaited,
    }

    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<bool> _done;
    private CancellationTokenRegistration _abort;
    private long _bytesLeft;
    private State _state;

    /// <summary>Whether only records of decided transactions count.</summary>
    public bool CommittedOnly { get; private set; }

    /// <summary>Begins a wait; it may end from here on.</summary>
    /// <param name="bytesWanted">Bytes that have to be appended before it is worth looking again.</param>
    /// <param name="committedOnly">Whether only the last stable offset counts.</param>
    public FetchWaiter Begin(long bytesWanted, bool committedOnly)
    {
        lock (_gate)
        {
            Volatile.Write(ref _bytesLeft, bytesWanted);
            CommittedOnly = committedOnly;
            _done.Reset();
            _state = State.Looking;
        }

        return this;
    }

    /// <summary>Ends when there is reason to look again. To be awaited at once, and once a wait.</summary>
    /// <param name="aborted">Ends the wait, too.</param>
    public ValueTask WaitAsync(CancellationToken aborted)
    {
        _abort = aborted.UnsafeRegister(static waiter => ((FetchWaiter)waiter!).Complete(), this);
        lock (_gate)
        {
            if (_state == State.Looking)
            {
                _state = State.Awaited;
            }
        }

        return new(this, _done.Version);
    }

    /// <summary>Bytes have become readable.</summary>
    public void OnGrowth(long bytes)
    {
        if (Interlocked.Add(ref _bytesLeft, -bytes) <= 0)
        {
            Complete();
        }
    }

    /// <summary>Look again whatever there is: time is up, or a partition went away.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            if (_state == State.Looking)
            {
                // Nobody waits yet, so nothing runs here.
                _done.SetResult(true);
            }

            (var before, _state) = (_state, State.Ended);
            if (before != State.Awaited)
            {
                return;
            }
        }

        if (!EndedFetches.TryAdd(this))
        {
            GoOn(inline: false);
        }
    }

    /// <summary>Lets the fetch go on whose wait was ended. To be called once a wait.</summary>
    /// <param name="inline">Whether on this thread, before this returns.</param>
    public void GoOn(bool inline)
    {
        _done.RunContinuationsAsynchronously = !inline;
        _done.SetResult(true);
    }

    /// <inheritdoc/>
    public void Reset()
    {
        lock (_gate)
        {
            _state = State.Ended;
        }
    }

    /// <inheritdoc/>
    protected internal override void Fire() => Complete();

    void IValueTaskSource.GetResult(short token)
    {
        _abort.Dispose();
        _abort = default;
        _done.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _done.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _done.OnCompleted(continuation, state, token, flags);
}
