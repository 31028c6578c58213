using System.Text.Json;
using StreamFlow.Client;
using StreamFlow.Processes.Programs;
using StreamFlow.Testing.Processes;

namespace StreamFlow.Processes.Tests.Workers;

/// <summary>What <c>worker --http</c> answers.</summary>
[Trait("Category", "E2E")]
public sealed class WorkerHttpTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("streamflow-worker-http-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Health_metrics_tasks_and_rows_are_served()
    {
        await using var broker = await BrokerProcess.StartAsync(Path.Combine(_root, "data"));
        await using var cluster = RemoteCluster.Open(broker.Address);
        await cluster.CreateTopicsAsync(2, Totals.Input, Totals.Output);
        await using var worker = await Worker.StartAsync(broker.Address, Path.Combine(_root, "state"), "at_least_once");
        await worker.Process.WaitForAsync("running");
        var payments = new Payments();
        await payments.SendAsync(cluster, 100, accounts: 10);
        await Patiently.UntilAsync(async () => payments.Complaint(await worker.TotalsAsync(), exactlyOnce: false));

        var health = await worker.GetTextAsync("health");
        Assert.Equal(200, health.Status);
        Assert.Equal("Running", Property(health.Text, "state"));
        Assert.Contains("\"kind\":\"TimestampedKeyValue\"", (await worker.GetTextAsync("stores")).Text, StringComparison.Ordinal);
        Assert.Contains("\"key\":\"account7\",\"value\":\"10 ", (await worker.GetTextAsync($"stores/{Totals.Store}/account7")).Text, StringComparison.Ordinal);
        Assert.Equal(404, (await worker.GetTextAsync($"stores/{Totals.Store}/nobody")).Status);
        Assert.Equal(404, (await worker.GetTextAsync("stores/nothing")).Status);
        Assert.True(await worker.MetricAsync("streamflow_streams_records_processed_total") >= 100);
        Assert.Equal(4, await worker.MetricAsync("streamflow_streams_tasks"));
        Assert.Contains("# TYPE streamflow_streams_commit_duration_seconds summary", (await worker.GetTextAsync("metrics")).Text, StringComparison.Ordinal);
        await worker.Process.StopAsync();
    }

    [Fact]
    public async Task A_broker_serves_health_and_metrics()
    {
        await using var broker = ChildProcess.StreamFlow(
            "broker", "--data", Path.Combine(_root, "data"), "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0");
        using var http = new HttpClient { BaseAddress = new Uri($"http://{await broker.WaitForAsync("http on ")}") };
        Assert.Equal("Running", Property(await http.GetStringAsync("health"), "state"));
        await using var cluster = RemoteCluster.Open(await broker.WaitForAsync("listening on "));
        await cluster.CreateTopicsAsync(1, "t");
        Assert.Contains("streamflow_broker_requests_total{api=\"CreateTopics\"} 1", await http.GetStringAsync("metrics"), StringComparison.Ordinal);
        await broker.StopAsync();
    }

    [Fact]
    public async Task Taken_port_is_named()
    {
        await using var broker = await BrokerProcess.StartAsync(Path.Combine(_root, "data"));

        await using var run = await ChildProcess.RunStreamFlowAsync(
            "worker", "-c", broker.Address, "--application-id", "a", "--state", Path.Combine(_root, "state"), "--http", broker.Address,
            "--topology", Places.Output("StreamFlow.Processes.Programs", "StreamFlow.Processes.Programs.dll") + ":Totals");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"cannot listen on {broker.Address}", Assert.Single(run.Errors.Split('\n')), StringComparison.Ordinal);
    }

    private static string? Property(string json, string name)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty(name).GetString();
    }
}
