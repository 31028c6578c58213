using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Testing.Processes;

namespace StreamFlow.Interop.Tests;

/// <summary>A <c>streamflow broker</c> over a temporary directory; topics are made beforehand, as careful users do.</summary>
internal sealed class InteropBroker : IAsyncDisposable
{
    private readonly BrokerProcess _broker;

    private InteropBroker(BrokerProcess broker, string directory) => (_broker, Directory) = (broker, directory);

    public string Address => _broker.Address;

    public string Directory { get; }

    public static Task<InteropBroker> StartAsync(int partitions, params string[] topics) => StartAsync(partitions, topics, []);

    public static async Task<InteropBroker> StartAsync(int partitions, string[] topics, params string[] settings)
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("streamflow-interop-").FullName;
        var broker = new InteropBroker(await BrokerProcess.StartAsync(directory, settings: settings), directory);
        await using var cluster = RemoteCluster.Open(broker.Address);
        await cluster.Admin.CreateTopicsAsync(topics.Select(t => new NewTopic(t, partitions)));
        return broker;
    }

    /// <summary>Starts it with settings of its own and no topics.</summary>
    public static async Task<InteropBroker> StartWithAsync(params string[] settings)
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("streamflow-interop-").FullName;
        return new InteropBroker(await BrokerProcess.StartAsync(directory, settings: settings), directory);
    }

    /// <summary>Stops it cleanly: its files are complete.</summary>
    public Task StopAsync() => _broker.Process.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}
