using StreamFlow.Streams.Errors;
using StreamFlow.Streams.State;

namespace StreamFlow.Streams.Runtime.Threads;

/// <summary>Reads stores from outside, on the threads that own them.</summary>
internal static class StoreQuery
{
    public static Task<List<TResult>> RunAsync<TStore, TResult>(
        StreamThread thread, string store, Func<TStore, TResult> read, CancellationToken cancellationToken)
        where TStore : class
    {
        var answer = new TaskCompletionSource<List<TResult>>(TaskCreationOptions.RunContinuationsAsynchronously);
        thread.Run(tasks =>
        {
            try
            {
                answer.TrySetResult(Read(tasks ?? throw new StreamsException(
                    "the application has stopped; its stores are closed"), store, read));
            }
            catch (Exception e)
            {
                answer.TrySetException(e);
            }
        });
        return answer.Task.WaitAsync(cancellationToken);
    }

    private static List<TResult> Read<TStore, TResult>(IReadOnlyList<ActiveTask> tasks, string name, Func<TStore, TResult> read)
        where TStore : class
    {
        var results = new List<TResult>();
        foreach (var task in tasks)
        {
            foreach (var store in task.Task!.Stores)
            {
                if (store.Name == name)
                {
                    results.Add(read(StoreTypes.As<TStore>(store)));
                }
            }
        }

        return results;
    }
}
