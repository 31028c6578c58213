using StreamFlow.Cli.Bench.Streams;
using StreamFlow.Client;
using StreamFlow.Embedded;

namespace StreamFlow.Cli.Tests.Bench.Streams;

/// <summary>A broker of our own in this process, with the recorded inputs in its topics as far as tests have asked for them.</summary>
public sealed class LoadedCluster : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("streamflow-topologies-").FullName;
    private readonly HashSet<string> _loaded = [];

    public ICluster Cluster { get; private set; } = null!;

    public string StateDirectory => Path.Combine(_directory, "state");

    public async Task InitializeAsync() => Cluster = await Embedded.Cluster.OpenAsync($"embedded:{Path.Combine(_directory, "broker")}");

    public async Task DisposeAsync()
    {
        await Cluster.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Writes an input unless it is there.</summary>
    public async Task<string> LoadAsync(string input)
    {
        if (_loaded.Add(input))
        {
            var recorded = RecordedTopologies.Instance!;
            var rule = recorded.Inputs[input]!;
            var plan = new EventPlan(
                recorded.Events, recorded.Seed, (long)rule["rate"]!, (string)rule["kind"]!, (string)rule["key"]!, recorded.Partitions);
            await EventLoader.LoadAsync(Cluster, input, plan, CancellationToken.None);
        }

        return input;
    }
}
