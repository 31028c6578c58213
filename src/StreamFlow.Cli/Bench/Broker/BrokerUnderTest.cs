using System.Diagnostics;
using System.Globalization;
using StreamFlow.Cli.Shell;
using StreamFlow.Core.Errors;

namespace StreamFlow.Cli.Bench.Broker;

/// <summary>A broker in a process of its own: ours, or Kafka from its kit. Disposing stops it and removes its data.</summary>
internal sealed class BrokerUnderTest : IAsyncDisposable
{
    /// <summary>The launcher of the Kafka kit; found beside the repository when it is not set.</summary>
    public const string KitVariable = "STREAMFLOW_KAFKA";

    private const string Ready = "listening on ";

    // USER_HZ, the unit of /proc/PID/stat on Linux.
    private const double TicksPerSecond = 100;

    private readonly string _directory;
    private readonly Func<Task> _stop;
    private readonly int _id;

    private BrokerUnderTest(string directory, string address, int id, Func<Task> stop) =>
        (_directory, Address, _id, _stop) = (directory, address, id, stop);

    /// <summary>host:port.</summary>
    public string Address { get; }

    /// <summary>CPU seconds of the process so far, user and system, as the kernel counts them.</summary>
    public double CpuSeconds
    {
        get
        {
            // Fields 14 and 15 of stat; the name in field 2 may hold blanks, so counting begins behind its parenthesis.
            var stat = File.ReadAllText($"/proc/{_id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (Number(fields[11]) + Number(fields[12])) / TicksPerSecond;
        }
    }

    /// <summary>Starts our broker.</summary>
    public static async Task<BrokerUnderTest> StartOursAsync(CancellationToken cancellation)
    {
        var directory = Directory.CreateTempSubdirectory("streamflow-bench-").FullName;
        var program = Environment.ProcessPath!;
        IEnumerable<string> self = Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? [Path.Combine(AppContext.BaseDirectory, "streamflow.dll")]
            : [];
        string[] arguments = [.. self, "broker", "--data", Path.Combine(directory, "data"), "--listen", "127.0.0.1:0"];
        var process = Start(program, arguments);
        var line = await process.StandardOutput.ReadLineAsync(cancellation) ?? "";
        if (!line.StartsWith(Ready, StringComparison.Ordinal))
        {
            throw new StreamFlowException($"our broker did not start: {line}{await process.StandardError.ReadToEndAsync(cancellation)}");
        }

        return new BrokerUnderTest(directory, line[Ready.Length..].Trim(), process.Id, async () =>
        {
            using (process)
            {
                process.Kill();
                await process.WaitForExitAsync(CancellationToken.None);
            }
        });
    }

    /// <summary>Starts one node of Kafka.</summary>
    /// <exception cref="UsageException">Its kit is not there.</exception>
    public static async Task<BrokerUnderTest> StartKafkaAsync(CancellationToken cancellation)
    {
        var launcher = FindKafka();
        var directory = Directory.CreateTempSubdirectory("streamflow-bench-kafka-").FullName;
        Task StopAsync() => RunAsync(launcher, ["stop", directory], CancellationToken.None);
        try
        {
            var address = await RunAsync(launcher, ["start", directory, "--port", "0", "--timeout", "300"], cancellation);
            var id = await File.ReadAllTextAsync(Path.Combine(directory, "node1", "pid"), cancellation);
            return new BrokerUnderTest(directory, address, int.Parse(id, CultureInfo.InvariantCulture), StopAsync);
        }
        catch
        {
            // A start that gave up may have left the node running.
            await StopAsync();
            Directory.Delete(directory, recursive: true);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop();
        Directory.Delete(_directory, recursive: true);
    }

    private static string FindKafka()
    {
        if (Environment.GetEnvironmentVariable(KitVariable) is { Length: > 0 } given)
        {
            return given;
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

    private static async Task<string> RunAsync(string program, string[] arguments, CancellationToken cancellation)
    {
        using var process = Start(program, arguments);
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        var line = await process.StandardOutput.ReadLineAsync(cancellation) ?? "";
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode == 0
            ? line.Trim()
            : throw new StreamFlowException($"kafka {arguments[0]} ended with {process.ExitCode}: {await errors}");
    }

    private static Process Start(string program, string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })
        ?? throw new StreamFlowException($"{program} did not start");

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
