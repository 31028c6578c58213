using StreamFlow.Streams.Runtime;

namespace StreamFlow.Cli.Shell;

/// <summary>What a worker says on stderr about its application.</summary>
internal static class WorkerLog
{
    /// <summary>Tells from where each store was restored, and each failure that the application goes on after.</summary>
    public static void Follow(StreamsApplication application)
    {
        string? last = null;
        application.Restored += (_, store) =>
        {
            if (Describe(store) is { } text)
            {
                Console.Error.WriteLine(text);
            }
        };
        application.Retrying += (_, failure) =>
        {
            // A broker that is away fails every attempt in the same way: once is enough.
            if (Interlocked.Exchange(ref last, failure.Message) != failure.Message)
            {
                Console.Error.WriteLine($"{application.Options.ApplicationId}: going on from the last commit after: {failure.Message}");
            }
        };
    }

    /// <summary>One line, or null when the store has never held anything.</summary>
    public static string? Describe(StoreRestored store) => store switch
    {
        { To: 0 } => null,
        _ when store.From >= store.To => $"store {store.Store} of task {store.Task}: local state has all of {store.Changelog}, "
            + $"up to offset {store.To}",
        _ => $"store {store.Store} of task {store.Task}: read {store.Records} records of {store.Changelog}, "
            + $"offsets {store.From} to {store.To - 1}",
    };
}
