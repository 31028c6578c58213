using System.Diagnostics;
using System.Globalization;
using StreamFlow.Cli.Shell;
using StreamFlow.Core.Errors;

namespace StreamFlow.Cli.Bench.Broker;

/// <summary>One node of Apache Kafka, started by the launcher of its kit.</summary>
/// <param name="settings"><c>key=value</c> for its <c>--set</c>.</param>
internal sealed class KafkaBroker(IReadOnlyList<string> settings) : BrokerUnderTest("kafka")
{
    /// <summary>The launcher of the Kafka kit; found beside the repository when it is not set.</summary>
    public const string KitVariable = "STREAMFLOW_KAFKA";

    // A node that was killed is taken back only when its session is over, 9 s later by default; that would measure the setting.
    private static readonly string[] ShortSessions = ["broker.session.timeout.ms=2000", "broker.heartbeat.interval.ms=500"];

    private readonly string _launcher = FindLauncher();
    private bool _isMade;

    public override int ProcessId
    {
        get
        {
            // The launcher makes the file before it has the number.
            var file = Path.Combine(Directory, "node1", "pid");
            return File.Exists(file) && int.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var id) ? id : 0;
        }
    }

    public override async Task StartAsync(CancellationToken cancellation)
    {
        string[] given = _isMade
            ? []
            : [.. ShortSessions.Concat(settings).SelectMany(s => new[] { "--set", s })];
        _isMade = true;
        await RunAsync(
            ["start", Directory, "--port", Port.ToString(CultureInfo.InvariantCulture), "--timeout", "300", .. given], cancellation);
    }

    public override Task StopAsync() => ProcessId != 0 ? RunAsync(["stop", Directory], CancellationToken.None) : Task.CompletedTask;

    public override Task KillAsync() => ProcessId != 0 ? RunAsync(["kill", Directory], CancellationToken.None) : Task.CompletedTask;

    private static string FindLauncher()
    {
        if (Environment.GetEnvironmentVariable(KitVariable) is { Length: > 0 } given)
        {
            return File.Exists(given)
                ? given
                : throw new UsageException($"{KitVariable}={given} is no file; it has to name the kit's launcher");
        }

        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var path = Path.Combine(directory.FullName, "shared", "kafka", "kafka");
            if (File.Exists(path))
            {
                return path;
            }
        }

        throw new UsageException($"--against kafka: its kit is not beside this repository; set {KitVariable} to its launcher");
    }

    private async Task RunAsync(string[] arguments, CancellationToken cancellation)
    {
        using var process = Process.Start(
            new ProcessStartInfo(_launcher, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new StreamFlowException($"{_launcher} did not start");
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0)
        {
            throw new StreamFlowException($"kafka {arguments[0]} ended with {process.ExitCode}: {await errors}");
        }
    }
}
