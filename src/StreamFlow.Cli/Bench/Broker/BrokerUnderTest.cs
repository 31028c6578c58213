using System.Diagnostics;
using System.Globalization;
using StreamFlow.Cli.Shell;

namespace StreamFlow.Cli.Bench.Broker;

/// <summary>
/// A broker in a process of its own, with a directory and a port of its own that it keeps when it is started again. Disposing kills it
/// and removes its data.
/// </summary>
internal abstract class BrokerUnderTest : IAsyncDisposable
{
    // USER_HZ, the unit of /proc/PID/stat on Linux.
    private const double TicksPerSecond = 100;

    private protected BrokerUnderTest(string name)
    {
        Directory = System.IO.Directory.CreateTempSubdirectory($"streamflow-bench-{name}-").FullName;
        Port = FreePorts.Take(2);
    }

    /// <summary>host:port.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"{FreePorts.Host}:{Port}");

    /// <summary>The id of its process; 0 while there is none.</summary>
    public abstract int ProcessId { get; }

    /// <summary>CPU seconds of the process so far, user and system, as the kernel counts them.</summary>
    public double CpuSeconds
    {
        get
        {
            // Fields 14 and 15 of stat; the name in field 2 may hold blanks, so counting begins behind its parenthesis.
            var stat = File.ReadAllText($"/proc/{ProcessId}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (Number(fields[11]) + Number(fields[12])) / TicksPerSecond;
        }
    }

    /// <summary>Memory of the process that is in RAM now (MiB).</summary>
    public double ResidentMiB
    {
        get
        {
            var line = File.ReadLines($"/proc/{ProcessId}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
            return Number(line.Split(' ', '\t')[^2]) / 1024d;
        }
    }

    /// <summary>When its process began, to the hundredth of a second.</summary>
    public DateTimeOffset Started
    {
        get
        {
            using var process = Process.GetProcessById(ProcessId);
            return process.StartTime;
        }
    }

    private protected string Directory { get; }

    /// <summary>Where it listens, on 127.0.0.1; the port above is free too.</summary>
    public int Port { get; }

    /// <summary>Ours or the peer's, not started yet.</summary>
    /// <param name="peer">null for ours, else the peer: kafka.</param>
    /// <param name="settings"><c>key=value</c>, by Kafka's names; both kinds take them.</param>
    /// <exception cref="UsageException">The peer is unknown or its kit is not there.</exception>
    public static BrokerUnderTest Create(string? peer, IReadOnlyList<string> settings) => peer switch
    {
        null => new OurBroker(settings),
        "kafka" => new KafkaBroker(settings),
        _ => throw new UsageException($"--against {peer}: the broker to compare with is kafka"),
    };

    /// <summary>Starts it, for the first time or again over the same data; ends when it answers.</summary>
    public abstract Task StartAsync(CancellationToken cancellation);

    /// <summary>Asks it to stop and waits until it has.</summary>
    public abstract Task StopAsync();

    /// <summary>Ends its process without a warning, as <c>kill -9</c> does.</summary>
    public abstract Task KillAsync();

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
