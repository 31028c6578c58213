using System.Reflection;
using StreamFlow.Core.Errors;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.State;

namespace StreamFlow.Cli.Http;

/// <summary>
/// Reads stores whose types only the topology knows. Every worker has the rows of its own tasks; a row's key, value, window and timestamp
/// (ms) become properties of an object.
/// </summary>
internal static class StoreRows
{
    private static readonly MethodInfo[] Methods = typeof(StoreRows).GetMethods(BindingFlags.NonPublic | BindingFlags.Static);

    /// <summary>The rows of this worker's tasks, or those of one key.</summary>
    /// <param name="application">Whose store.</param>
    /// <param name="store">The store's name.</param>
    /// <param name="key">A key as text; null for all rows.</param>
    /// <param name="limit">The most rows of a task.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="StreamFlowException">There is no such store here, or the key is not one of its type.</exception>
    public static async Task<List<object>> ReadAsync(
        StreamsApplication application, string store, string? key, int limit, CancellationToken cancellation)
    {
        var parts = await application.QueryAsync<IStateStore, List<object>>(store, s => Read(s, key, limit), cancellation);
        return [.. parts.SelectMany(p => p).Take(limit)];
    }

    private static List<object> Read(IStateStore store, string? key, int limit)
    {
        foreach (var type in store.GetType().GetInterfaces().Where(t => t.IsGenericType))
        {
            var definition = type.GetGenericTypeDefinition();
            var method = definition == typeof(IWindowStore<,>) ? nameof(ReadWindows)
                : definition == typeof(ISessionStore<,>) ? nameof(ReadSessions)
                : definition == typeof(IReadOnlyKeyValueStore<,>) ? nameof(ReadKeys)
                : null;
            if (method is not null)
            {
                var reader = Methods.Single(m => m.Name == method).MakeGenericMethod(type.GetGenericArguments());
                var rows = reader.CreateDelegate<Func<IStateStore, string?, IEnumerable<object>>>()(store, key);
                return [.. rows.Take(limit)];
            }
        }

        throw new ConfigurationException($"store '{store.Name}' is a {store.GetType().Name}, whose rows cannot be read over HTTP");
    }

    private static IEnumerable<object> ReadKeys<TKey, TValue>(IStateStore store, string? key)
    {
        var typed = (IReadOnlyKeyValueStore<TKey, TValue>)store;
        if (key is null)
        {
            return typed.All().Select(r => Row(r.Key!, r.Value));
        }

        var wanted = StoreKeys.Parse<TKey>(key);
        return typed.TryGet(wanted, out var value) ? [Row(wanted!, value)] : [];
    }

    private static IEnumerable<object> ReadWindows<TKey, TValue>(IStateStore store, string? key)
    {
        var typed = (IWindowStore<TKey, TValue>)store;
        var rows = key is null ? typed.All() : typed.Fetch(StoreKeys.Parse<TKey>(key), 0, long.MaxValue);
        return rows.Select(r => (object)new
        {
            key = r.Key.Key, windowStart = r.Key.Window.Start, value = r.Value, timestamp = r.Timestamp,
        });
    }

    private static IEnumerable<object> ReadSessions<TKey, TValue>(IStateStore store, string? key)
    {
        var typed = (ISessionStore<TKey, TValue>)store;
        var rows = key is null ? typed.All() : typed.FindSessions(StoreKeys.Parse<TKey>(key), 0, long.MaxValue);
        return rows.Select(r => (object)new
        {
            key = r.Key.Key, windowStart = r.Key.Window.Start, windowEnd = r.Key.Window.End, value = r.Value,
        });
    }

    private static object Row<TValue>(object key, TValue value)
    {
        // Tables keep a time beside the value.
        if (typeof(TValue) is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ValueAndTimestamp<>))
        {
            return new
            {
                key,
                value = type.GetProperty(nameof(ValueAndTimestamp<int>.Value))!.GetValue(value),
                timestamp = type.GetProperty(nameof(ValueAndTimestamp<int>.Timestamp))!.GetValue(value),
            };
        }

        return new { key, value };
    }
}
