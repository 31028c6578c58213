using StreamFlow.Client.Producing;
using StreamFlow.Core.Errors;

namespace StreamFlow.Cli.Shell;

/// <summary>Collects what became of records that are sent without waiting for each.</summary>
internal sealed class DeliveryFailures
{
    private readonly List<Task<RecordMetadata>> _pending = [];
    private Exception? _first;
    private int _count;

    /// <summary>Remembers a send; those that are done already cost nothing.</summary>
    public void Watch(ValueTask<RecordMetadata> send)
    {
        _pending.Add(send.AsTask());
        if (_pending.Count >= 10_000)
        {
            _pending.RemoveAll(Finished);
        }
    }

    /// <summary>Waits for the rest.</summary>
    /// <returns>The exit code when all went well.</returns>
    /// <exception cref="StreamFlowException">Records were not written; the message has the first reason.</exception>
    public async Task<int> ThrowIfAnyAsync()
    {
        await Task.WhenAll(_pending).ContinueWith(static _ => { }, TaskScheduler.Default);
        _pending.RemoveAll(Finished);
        return _first is null
            ? ExitCodes.Done
            : throw new StreamFlowException($"{_count} records were not written; the first reason: {_first.Message}", _first);
    }

    private bool Finished(Task<RecordMetadata> send)
    {
        if (send.IsFaulted || send.IsCanceled)
        {
            _first ??= send.Exception?.InnerException ?? new OperationCanceledException();
            _count++;
        }

        return send.IsCompleted;
    }
}
