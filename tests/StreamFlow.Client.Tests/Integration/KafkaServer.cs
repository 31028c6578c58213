using System.Diagnostics;
using System.Reflection;

namespace StreamFlow.Client.Tests.Integration;

/// <summary>One Apache Kafka for all tests of the assembly, started when the first one needs it.</summary>
public sealed class KafkaServer : IAsyncLifetime
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(180);
    private string? _directory;
    private Task<string>? _start;

    /// <summary>Null when Kafka can be started here.</summary>
    public static string? WhyMissing { get; } = Launcher is null ? "shared/kafka is not there" : HasJava() ? null : "there is no Java";

    private static string? Launcher
    {
        get
        {
            var root = typeof(KafkaServer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == "RepositoryRoot")?.Value
                ?? AppContext.BaseDirectory;
            for (var directory = new DirectoryInfo(root); directory is not null; directory = directory.Parent)
            {
                var path = Path.Combine(directory.FullName, "shared", "kafka", "kafka");
                if (File.Exists(path))
                {
                    return path;
                }
            }

            return null;
        }
    }

    /// <summary>The bootstrap address; starts Kafka the first time.</summary>
    public Task<string> BootstrapAsync()
    {
        lock (this)
        {
            return _start ??= StartAsync();
        }
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_directory is not null)
        {
            await RunAsync("stop", _directory);
            Directory.Delete(_directory, recursive: true);
        }
    }

    private async Task<string> StartAsync()
    {
        _directory = Directory.CreateTempSubdirectory("streamflow-kafka-").FullName;
        return (await RunAsync("start", _directory, "--port", "0", "--timeout", "170", "--set", "group.initial.rebalance.delay.ms=0",
            "--set", "group.consumer.min.heartbeat.interval.ms=100", "--set", "group.consumer.heartbeat.interval.ms=100")).Trim();
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Launcher!, arguments) { RedirectStandardOutput = true })!;
        using var timeout = new CancellationTokenSource(StartTimeout);
        var line = await process.StandardOutput.ReadLineAsync(timeout.Token);
        await process.WaitForExitAsync(timeout.Token);
        return process.ExitCode == 0 ? line ?? "" : throw new InvalidOperationException($"kafka {string.Join(' ', arguments)} failed");
    }

    private static bool HasJava() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(d => File.Exists(Path.Combine(d, "java")));
}
