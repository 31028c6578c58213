using System.Diagnostics.Metrics;
using StreamFlow.Client;
using StreamFlow.Core.IO;
using StreamFlow.Streams.Errors;
using StreamFlow.Streams.Runtime.Standbys;
using StreamFlow.Streams.Runtime.Threads;
using StreamFlow.Streams.State.Persistent;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Streams.Runtime;

/// <summary>
/// Runs a topology on a cluster, together with all other instances that have the same application id: they share the tasks, and take over
/// from each other. Start it once, stop it once, dispose it. Thread safe.
/// </summary>
/// <example>
/// <code>
/// await using var app = new StreamsApplication(topology, new StreamsOptions { ApplicationId = "word-count" }, cluster);
/// await app.StartAsync();
/// </code>
/// </example>
public sealed class StreamsApplication : IAsyncDisposable
{
    private readonly Topology _topology;
    private readonly StreamsOptions _options;
    private readonly ICluster _cluster;
    private readonly IFileSystem _files;
    private readonly StreamsMetrics _metrics;
    private readonly DroppedRecords _dropped = new();
    private readonly Lock _gate = new();
    private readonly PauseSwitch _pause = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StateStorage? _storage;
    private StandbyTasks? _standbys;
    private StreamThread[] _threads = [];
    private Task _running = Task.CompletedTask;
    private ApplicationState _state;

    /// <summary>Creates an instance; nothing happens before <see cref="StartAsync"/>.</summary>
    /// <param name="topology">What to run.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="cluster">Where records come from and go to. Stays the caller's to dispose.</param>
    /// <param name="files">The file system of the state directory; null for the machine's.</param>
    /// <param name="meters">Makes the meter <c>StreamFlow.Streams</c>; null for one of its own, which any listener sees.</param>
    /// <exception cref="Core.Errors.ConfigurationException">An option is not valid; the message names all that are not.</exception>
    public StreamsApplication(Topology topology, StreamsOptions options, ICluster cluster, IFileSystem? files = null,
        IMeterFactory? meters = null)
    {
        ArgumentNullException.ThrowIfNull(topology);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(cluster);
        Client.Configuration.OptionsBinder.ThrowIfAny(options.Validate(), nameof(StreamsOptions));
        (_topology, _options, _cluster, _files) = (topology, options, cluster, files ?? SystemFileSystem.Instance);
        _metrics = new StreamsMetrics(meters, this);
    }

    /// <summary>
    /// Raised on every change of <see cref="State"/>, in order, by the thread that caused it: be quick, do not call back.
    /// </summary>
    public event EventHandler<StateChange>? StateChanged;

    /// <summary>
    /// Raised when a thread goes on after a failure that may pass, or after it lost its tasks to another instance: it closes its tasks as
    /// of the last commit and opens them again. Be quick, do not call back.
    /// </summary>
    public event EventHandler<Exception>? Retrying;

    /// <summary>
    /// Raised when a task's part of a store is whole, before the task takes its first record; also when nothing was missing. By the thread
    /// that restored it: be quick, do not call back.
    /// </summary>
    public event EventHandler<StoreRestored>? Restored;

    /// <summary>Where the application is in its life.</summary>
    public ApplicationState State
    {
        get
        {
            lock (_gate)
            {
                return _state;
            }
        }
    }

    /// <summary>Why it stopped, when it did not stop as asked.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>The settings it runs with.</summary>
    public StreamsOptions Options => _options;

    /// <summary>Whether <see cref="Pause"/> holds it.</summary>
    public bool IsPaused => _pause.IsPaused;

    /// <summary>Records processed since the start, by all threads.</summary>
    public long ProcessedRecords => _threads.Sum(t => t.Processed);

    /// <summary>Records read from changelogs since the start, by all threads.</summary>
    public long RestoredRecords => _threads.Sum(t => t.Restored);

    /// <summary>The tasks of this instance, as of its threads' last looks.</summary>
    public IReadOnlyList<TaskProgress> Tasks => [.. _threads.SelectMany(t => t.Progress)];

    /// <summary>The copies of other instances' stores that this one keeps, as of its last look.</summary>
    public IReadOnlyList<StandbyProgress> Standbys => _standbys?.Progress ?? [];

    /// <summary>Records dropped since the start, for one reason.</summary>
    public long CountDropped(DropReason reason) => _dropped[reason];

    /// <summary>Ends when the application has stopped: normally, or with what made it fail.</summary>
    public Task Completion => _ended.Task;

    /// <summary>Checks and creates topics, takes the state directory and starts the threads; they join the group on their own.</summary>
    /// <exception cref="InvalidOperationException">It was started before.</exception>
    /// <exception cref="StreamsException">A topic is missing or has the wrong number of partitions.</exception>
    /// <exception cref="StateDirectoryInUseException">Another process uses the state directory.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (!TrySetState(ApplicationState.Rebalancing, from: ApplicationState.Created))
        {
            throw new InvalidOperationException("An application can be started once only; make another one.");
        }

        try
        {
            _storage = StateStorage.Open(_files, _options, _cluster.Memory, Guid.CreateVersion7);
            var sizes = await new InternalTopicSetup(_topology, _options, _cluster.Admin).RunAsync(cancellationToken).ConfigureAwait(false);
            var context = new ThreadContext(_topology, _options, _cluster, _storage, sizes, _metrics, _dropped)
            {
                Pause = _pause,
                Restored = store => Restored?.Invoke(this, store),
            };
            var standbys = _standbys = new StandbyTasks(context, e => Retrying?.Invoke(this, e));
            _threads = [.. Enumerable.Range(
                0, _options.Threads).Select(i => new StreamThread(context, i, standbys, OnThreadState, e => Retrying?.Invoke(this, e)))];
        }
        catch (Exception e)
        {
            Fail(e);
            Finish();
            throw;
        }

        _running = RunThreadsAsync();
    }

    /// <summary>Commits, closes the stores, leaves the group and ends. Does nothing when it has ended already.</summary>
    /// <exception cref="Exception">What made the application fail, before or while it stopped.</exception>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (State == ApplicationState.Created)
        {
            TrySetState(ApplicationState.PendingShutdown, from: ApplicationState.Created);
            Finish();
        }

        TrySetState(ApplicationState.PendingShutdown, ApplicationState.Rebalancing, ApplicationState.Running);
        StopThreads();
        await _running.WaitAsync(cancellationToken).ConfigureAwait(false);
        await _ended.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Stops taking records, before or after the start, until <see cref="Resume"/>. At once, but for the batch that is being processed. It
    /// stays in the group, keeps its tasks and goes on answering queries. Other instances of the application are not paused.
    /// </summary>
    public void Pause() => _pause.IsPaused = true;

    /// <summary>Takes records again.</summary>
    public void Resume()
    {
        _pause.IsPaused = false;
        foreach (var thread in _threads)
        {
            thread.Wake();
        }
    }

    /// <summary>Ends when the application runs: all its tasks are restored.</summary>
    /// <exception cref="Exception">What made it fail before.</exception>
    public async Task WaitUntilRunningAsync(CancellationToken cancellationToken = default)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look(object? sender, StateChange change)
        {
            if (change.Current is not (ApplicationState.Created or ApplicationState.Rebalancing))
            {
                reached.TrySetResult();
            }
        }

        StateChanged += Look;
        try
        {
            if (State is ApplicationState.Created or ApplicationState.Rebalancing)
            {
                await reached.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            }

            if (State is not (ApplicationState.Running or ApplicationState.Rebalancing))
            {
                await _ended.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            StateChanged -= Look;
        }
    }

    /// <summary>
    /// Waits until the application, with all its instances, has processed and committed everything that its topics hold at the moment of
    /// the call, internal topics included. What comes in later is not waited for.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="Exception">The application failed meanwhile.</exception>
    public async Task WaitUntilCaughtUpAsync(CancellationToken cancellationToken = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var caughtUp = new CatchUp(_topology, _options.ApplicationId, _cluster, _cluster.Clock).WaitAsync(stop.Token);
        if (await Task.WhenAny(caughtUp, Completion).ConfigureAwait(false) == Completion && !caughtUp.IsCompleted)
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await Completion.ConfigureAwait(false);
            throw new StreamsException($"application '{_options.ApplicationId}' was stopped before it had caught up with its input");
        }

        await caughtUp.ConfigureAwait(false);
    }

    /// <summary>
    /// Reads the local part of a store: the function is called once per task of this instance that has the store, by the thread that owns
    /// it, between two batches. It sees every processed record; it must be quick and may not keep the store.
    /// </summary>
    /// <typeparam name="TStore">The store's interface, such as <see cref="State.IReadOnlyKeyValueStore{TKey, TValue}"/>.</typeparam>
    /// <typeparam name="TResult">What is read.</typeparam>
    /// <param name="store">The store's name.</param>
    /// <param name="read">Reads one task's part.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>One result per task here that has the store; none when all its tasks are elsewhere.</returns>
    /// <exception cref="StreamsException">The topology has no such store, or it is of another type.</exception>
    public async Task<IReadOnlyList<TResult>> QueryAsync<TStore, TResult>(
        string store, Func<TStore, TResult> read, CancellationToken cancellationToken = default)
        where TStore : class
    {
        if (!_topology.Stores.Any(s => s.Name == store))
        {
            throw new StreamsException(
                $"the topology has no store '{store}'; it has {string.Join(", ", _topology.Stores.Select(s => s.Name))}");
        }

        var parts = await Task.WhenAll(_threads.Select(t => StoreQuery.RunAsync(t, store, read, cancellationToken))).ConfigureAwait(false);
        return [.. parts.SelectMany(p => p)];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync().ConfigureAwait(false);
        }
        catch (Exception) when (Failure is not null)
        {
            // Told by Completion, StateChanged and Failure already; disposing does not throw.
        }

        foreach (var thread in Interlocked.Exchange(ref _threads, []))
        {
            thread.Dispose();
        }

        _metrics.Dispose();
    }

    private async Task RunThreadsAsync()
    {
        try
        {
            await Task.WhenAll(_threads.Select(t => Task.Run(t.RunAsync))).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // A listener of StateChanged threw at a thread's last word.
            Fail(e);
        }

        try
        {
            await _standbys!.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Fail(e);
        }

        Finish();
    }

    private void StopThreads()
    {
        foreach (var thread in _threads)
        {
            thread.Stop();
        }
    }

    private void OnThreadState(StreamThread thread)
    {
        if (thread.State == LoopState.Failed)
        {
            Fail(thread.Failure!);
            StopThreads();
        }
        else if (Array.TrueForAll(_threads, t => t.State == LoopState.Running))
        {
            TrySetState(ApplicationState.Running, ApplicationState.Rebalancing);
        }
        else if (thread.State == LoopState.Rebalancing)
        {
            TrySetState(ApplicationState.Rebalancing, ApplicationState.Running);
        }
    }

    private void Fail(Exception failure)
    {
        Failure ??= failure;
        TrySetState(ApplicationState.PendingError, ApplicationState.Rebalancing, ApplicationState.Running,
            ApplicationState.PendingShutdown);
    }

    private void Finish()
    {
        _storage?.Dispose();
        _storage = null;
        try
        {
            var (end, from) = Failure is null
                ? (ApplicationState.NotRunning, ApplicationState.PendingShutdown)
                : (ApplicationState.Error, ApplicationState.PendingError);
            TrySetState(end, from);
        }
        finally
        {
            // Whatever a listener of StateChanged does: those who wait for the end learn of it.
            _ = Failure is { } failure ? _ended.TrySetException(failure) : _ended.TrySetResult();
        }
    }

    private bool TrySetState(ApplicationState state, params ReadOnlySpan<ApplicationState> from)
    {
        ApplicationState previous;
        lock (_gate)
        {
            previous = _state;
            if (!from.Contains(previous))
            {
                return false;
            }

            _state = state;
        }

        StateChanged?.Invoke(this, new StateChange(previous, state, Failure));
        return true;
    }
}
