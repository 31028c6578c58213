using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace StreamFlow.Sql.Execution;

/// <summary>
/// Rows between a push query and its reader. None is lost: when too many wait, the query is paused until the reader has caught up. Rows
/// come from the query's threads, one reader takes them.
/// </summary>
/// <param name="highWater">Rows that may wait before the query is paused; it may finish the records in hand.</param>
internal sealed class TransientRows(int highWater = 10_000)
{
    private readonly Channel<SqlRow> _rows = Channel.CreateUnbounded<SqlRow>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock _gate = new();
    private IRunningTopology? _running;
    private int _waiting;
    private bool _isHeld;

    /// <summary>Takes a row of the query.</summary>
    public void Add(SqlRow row)
    {
        _rows.Writer.TryWrite(row);
        lock (_gate)
        {
            if (++_waiting >= highWater && !_isHeld)
            {
                _isHeld = true;
                _running?.Pause();
            }
        }
    }

    /// <summary>Says what runs; it may have sent rows already. When it dies, reading fails with the reason.</summary>
    public void Attach(IRunningTopology running)
    {
        lock (_gate)
        {
            _running = running;
            if (_isHeld)
            {
                running.Pause();
            }
        }

        _ = running.Completion.ContinueWith(
            ended => _rows.Writer.TryComplete(ended.Exception?.GetBaseException()),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>Ends the reading after the rows that wait.</summary>
    public void End() => _rows.Writer.TryComplete();

    /// <summary>
    /// The rows as they arrive, until the limit, <see cref="End"/> or the death of the query. Stops the query at its end.
    /// </summary>
    public async IAsyncEnumerable<SqlRow> ReadAsync(
        long? limit, Func<ValueTask> stop, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            for (long count = 0; limit is null || count < limit; count++)
            {
                if (!await _rows.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false) || !_rows.Reader.TryRead(out var row))
                {
                    yield break;
                }

                Taken();
                yield return row;
            }
        }
        finally
        {
            await stop().ConfigureAwait(false);
        }
    }

    private void Taken()
    {
        lock (_gate)
        {
            if (--_waiting <= highWater / 2 && _isHeld)
            {
                _isHeld = false;
                _running?.Resume();
            }
        }
    }
}
