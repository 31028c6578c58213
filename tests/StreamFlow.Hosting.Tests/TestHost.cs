using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Serialization;
using StreamFlow.Embedded;
using StreamFlow.Hosting.Health;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Hosting.Tests;

/// <summary>A host on a memory cluster of its own, which outlives the host so that topics can be made before and read after.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private static int _count;
    private readonly HostApplicationBuilder _builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
    private readonly string _state = Directory.CreateTempSubdirectory("streamflow-hosting-").FullName;
    private readonly ICluster _outside;

    private TestHost(string name, ICluster outside)
    {
        _outside = outside;
        ClusterName = name;
        _builder.Services.AddHealthChecks().AddStreamFlow();
    }

    public string ClusterName { get; }

    public IServiceCollection Services => _builder.Services;

    public IHost Host { get; private set; } = null!;

    public ICluster Cluster => _outside;

    public StreamFlowApplications Applications => Host.Services.GetRequiredService<StreamFlowApplications>();

    public static async Task<TestHost> CreateAsync(params string[] topics)
    {
        var name = $"memory:hosting-{Interlocked.Increment(ref _count)}";
        var cluster = await StreamFlow.Embedded.Cluster.OpenAsync(name);
        await cluster.Admin.CreateTopicsAsync(topics.Select(t => new NewTopic(t, 2)));
        return new TestHost(name, cluster);
    }

    public StreamsOptions Fast(StreamsOptions options) => options with
    {
        StateDirectory = _state,
        CommitInterval = TimeSpan.FromMilliseconds(20),
        PollTimeout = TimeSpan.FromMilliseconds(5),
    };

    public void Build() => Host = _builder.Build();

    public Task StartAsync()
    {
        Build();
        return Host.StartAsync();
    }

    public async Task SendAsync(string topic, params string[] values)
    {
        await using var producer = _outside.CreateProducer(ProducerOptions.Default);
        foreach (var value in values)
        {
            await producer.SendAsync(topic, value, value, Serdes.String, Serdes.String);
        }
    }

    public async Task<HealthReportEntry> HealthAsync()
    {
        var report = await Host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        return report.Entries["streamflow"];
    }

    public async ValueTask DisposeAsync()
    {
        if (Host is not null)
        {
            await Host.StopAsync();
            Host.Dispose();
        }

        await _outside.DisposeAsync();
        Directory.Delete(_state, recursive: true);
    }
}
