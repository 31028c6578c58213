using System.Globalization;
using System.Text.Json;
using StreamFlow.Processes.Programs;
using StreamFlow.Testing.Processes;

namespace StreamFlow.Processes.Tests.Workers;

/// <summary>A <c>streamflow worker</c> that runs <see cref="Totals"/>, and what it answers over HTTP.</summary>
internal sealed class Worker : IAsyncDisposable
{
    public const string ApplicationId = "totals-app";
    private static readonly HttpClient Http = new();

    private Worker(ChildProcess process, string address) => (Process, Address) = (process, address);

    public ChildProcess Process { get; }

    public string Address { get; }

    /// <summary>Starts a worker with sessions so short that a dead one is soon missed.</summary>
    public static async Task<Worker> StartAsync(string cluster, string state, string guarantee, params string[] settings)
    {
        string[] all =
        [
            $"processing.guarantee={guarantee}", "commit.interval.ms=100", "state.flush.interval.ms=0", "session.timeout.ms=6000",
            "heartbeat.interval.ms=300", "transaction.timeout.ms=3000", .. settings,
        ];
        var process = ChildProcess.StreamFlow(
        [
            "worker", "-c", cluster, "--application-id", ApplicationId, "--state", state, "--http", "127.0.0.1:0", "--topology",
            Places.Output("StreamFlow.Processes.Programs", "StreamFlow.Processes.Programs.dll") + ":" + nameof(Totals),
            .. all.SelectMany(s => new[] { "--set", s }),
        ]);
        try
        {
            return new Worker(process, await process.WaitForAsync("http on "));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>The running tasks by id.</summary>
    public async Task<string[]> TasksAsync()
    {
        using var page = await GetAsync("tasks");
        return [.. page.RootElement.EnumerateArray().Where(t => t.GetProperty("state").GetString() == "running")
            .Select(t => t.GetProperty("id").GetString()!)];
    }

    /// <summary>The table's rows of this worker's tasks.</summary>
    public async Task<Dictionary<string, string>> TotalsAsync()
    {
        using var page = await GetAsync($"stores/{Totals.Store}?limit=1000000");
        return page.RootElement.EnumerateArray().ToDictionary(
            r => r.GetProperty("key").GetString()!, r => r.GetProperty("value").GetString()!);
    }

    /// <summary>One of its metrics, all series summed up.</summary>
    public async Task<double> MetricAsync(string name)
    {
        var text = await Http.GetStringAsync(new Uri($"http://{Address}/metrics"));
        return text.Split('\n').Where(l => l.StartsWith(name + "{", StringComparison.Ordinal) || l.StartsWith(name + " ", StringComparison.Ordinal))
            .Sum(l => double.Parse(l[(l.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    public async Task<(int Status, string Text)> GetTextAsync(string path)
    {
        using var response = await Http.GetAsync(new Uri($"http://{Address}/{path}"));
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    private async Task<JsonDocument> GetAsync(string path)
    {
        try
        {
            return JsonDocument.Parse(await Http.GetStringAsync(new Uri($"http://{Address}/{path}")));
        }
        catch (HttpRequestException e)
        {
            throw new InvalidOperationException($"GET /{path}: {e.Message}\n{Process.Output}\n{Process.Errors}", e);
        }
    }
}
