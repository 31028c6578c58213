using StreamFlow.Broker;

namespace StreamFlow.Embedded;

/// <summary>
/// The brokers of this process by their place; whoever opens the same place shares one, and the last to close it stops it.
/// </summary>
internal sealed class SharedBroker
{
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static readonly Dictionary<string, SharedBroker> ByPlace = new(StringComparer.Ordinal);

    private readonly string _place;
    private int _users;

    private SharedBroker(string place, BrokerServer server)
    {
        _place = place;
        Server = server;
    }

    public BrokerServer Server { get; }

    /// <summary>Joins the broker of the place, or starts it.</summary>
    /// <param name="place">What is shared: the full path of the directory, or the name of a memory broker.</param>
    /// <param name="options">The settings with which to start it; a running one keeps its own.</param>
    /// <param name="environment">Clock, disk and so on with which to start it.</param>
    public static async Task<SharedBroker> JoinAsync(string place, BrokerOptions options, BrokerEnvironment environment)
    {
        await Gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (!ByPlace.TryGetValue(place, out var shared))
            {
                shared = new SharedBroker(place, await BrokerServer.StartAsync(options, environment).ConfigureAwait(false));
                ByPlace.Add(place, shared);
            }

            shared._users++;
            return shared;
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <summary>Leaves; the last one stops the broker.</summary>
    public async ValueTask LeaveAsync()
    {
        await Gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (--_users == 0)
            {
                ByPlace.Remove(_place);
                await Server.DisposeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            Gate.Release();
        }
    }
}
