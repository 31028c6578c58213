using System.Diagnostics;
using System.Runtime.InteropServices;
using StreamFlow.Core.Errors;

namespace StreamFlow.Cli.Bench.Broker;

/// <summary>Our broker, by this very program.</summary>
/// <param name="settings"><c>key=value</c> for its <c>--set</c>.</param>
internal sealed partial class OurBroker(IReadOnlyList<string> settings) : BrokerUnderTest("ours")
{
    private const string Ready = "listening on ";
    private const int SigTerm = 15;

    private Process? _process;

    public override int ProcessId => _process?.Id ?? 0;

    public override async Task StartAsync(CancellationToken cancellation)
    {
        var program = Environment.ProcessPath!;
        IEnumerable<string> self = Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? [Path.Combine(AppContext.BaseDirectory, "streamflow.dll")]
            : [];
        string[] arguments =
        [
            .. self, "broker", "--data", Path.Combine(Directory, "data"), "--listen", Address,
                .. settings.SelectMany(s => new[] { "--set", s }),
        ];
        _process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new StreamFlowException($"{program} did not start");
        var errors = new List<string>();
        _process.ErrorDataReceived += (_, line) => errors.Add(line.Data ?? "");
        _process.BeginErrorReadLine();
        var line = await _process.StandardOutput.ReadLineAsync(cancellation) ?? "";
        if (!line.StartsWith(Ready, StringComparison.Ordinal))
        {
            throw new StreamFlowException($"our broker did not start: {line}{string.Join('\n', errors)}");
        }
    }

    public override async Task StopAsync()
    {
        if (_process is { HasExited: false } && Signal(_process.Id, SigTerm) != 0)
        {
            throw new StreamFlowException($"our broker could not be stopped: error {Marshal.GetLastPInvokeError()}");
        }

        await EndAsync();
    }

    public override async Task KillAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
        }

        await EndAsync();
    }

    private async Task EndAsync()
    {
        if (_process is not null)
        {
            await _process.WaitForExitAsync(CancellationToken.None);
            _process.Dispose();
            _process = null;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int process, int signal);
}
