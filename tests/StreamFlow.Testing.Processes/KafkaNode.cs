namespace StreamFlow.Testing.Processes;

/// <summary>An Apache Kafka of a test's own, from the kit beside the repository.</summary>
public sealed class KafkaNode : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("streamflow-kafka-").FullName;

    private KafkaNode()
    {
    }

    /// <summary>Why it cannot be started here; null when it can.</summary>
    public static string? WhyMissing { get; } =
        Places.Kafka is null ? "the Kafka kit (../shared/kafka) is not there" : Places.HasTool("java") ? null : "there is no Java";

    public string Address { get; private set; } = "";

    /// <summary>Its data directory.</summary>
    public string Data => Path.Combine(_directory, "node1", "data");

    /// <summary>Starts it with settings such as <c>group.min.session.timeout.ms=500</c>.</summary>
    public static async Task<KafkaNode> StartAsync(params string[] settings)
    {
        var node = new KafkaNode();
        try
        {
            var run = await RunAsync(["start", node._directory, "--port", "0", "--timeout", "170", .. settings.SelectMany(s => new[] { "--set", s })]);
            node.Address = run.Output.Trim();
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs one of Kafka's own tools.</summary>
    public static Task<ChildProcess> ToolAsync(string tool, params string[] arguments) => ChildProcess.RunAsync(
        Places.Kafka!, ["tool", tool, .. arguments], environment: new Dictionary<string, string> { ["KAFKA_HEAP_OPTS"] = "-Xmx256m" });

    /// <summary>Stops it cleanly; its files stay until it is disposed.</summary>
    public Task StopAsync() => RunAsync(["stop", _directory]);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_directory, recursive: true);
    }

    // Its output goes to a file of its own: the node would hold the pipe open as long as it runs.
    private static async Task<(string Output, int Code)> RunAsync(string[] arguments)
    {
        using var process = new System.Diagnostics.Process
        {
            StartInfo = new System.Diagnostics.ProcessStartInfo(Places.Kafka!, arguments)
            {
                RedirectStandardOutput = true, Environment = { ["KAFKA_HEAP_OPTS"] = "-Xms128m -Xmx384m" },
            },
        };
        process.Start();
        var line = await process.StandardOutput.ReadLineAsync() ?? "";
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? (line, 0)
            : throw new InvalidOperationException($"kafka {string.Join(' ', arguments)} ended with {process.ExitCode}: {line}");
    }
}
