using System.Collections.Concurrent;
using System.Diagnostics;

namespace StreamFlow.Testing.Processes;

/// <summary>
/// A process that a test started: its lines as they come, signals, its end. Disposing kills what still runs, by its id and no other way.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly SemaphoreSlim _news = new(0);

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public int ExitCode => _process.ExitCode;

    public bool HasExited => _process.HasExited;

    /// <summary>Everything on stdout so far.</summary>
    public IReadOnlyCollection<string> Lines => [.. _output];

    public string Output => string.Join('\n', _output);

    public string Errors => string.Join('\n', _errors);

    /// <summary>Starts <c>streamflow</c> with these arguments.</summary>
    public static ChildProcess StreamFlow(params string[] arguments) => Start("dotnet", [Places.Program, .. arguments]);

    public static ChildProcess Start(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? directory = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? Path.GetTempPath(),
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        start.Environment["NO_COLOR"] = "1";
        var child = new ChildProcess(new Process { StartInfo = start });
        child._process.OutputDataReceived += (_, line) => child.Take(child._output, line.Data);
        child._process.ErrorDataReceived += (_, line) => child.Take(child._errors, line.Data);
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs <c>streamflow</c> to its end.</summary>
    public static async Task<ChildProcess> RunStreamFlowAsync(params string[] arguments)
    {
        var child = StreamFlow(arguments);
        await child.CloseInputAsync();
        await child.WaitAsync();
        return child;
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<ChildProcess> RunAsync(
        string program, IEnumerable<string> arguments, string input = "", IReadOnlyDictionary<string, string>? environment = null,
        string? directory = null)
    {
        var child = Start(program, arguments, environment, directory);
        await child._process.StandardInput.WriteAsync(input);
        await child.CloseInputAsync();
        await child.WaitAsync();
        return child;
    }

    /// <summary>Types a line.</summary>
    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    public Task CloseInputAsync()
    {
        _process.StandardInput.Close();
        return Task.CompletedTask;
    }

    /// <summary>What follows a word at the start of a line of stdout, when that line has come.</summary>
    /// <exception cref="InvalidOperationException">The process ended, or the line did not come in time.</exception>
    public async Task<string> WaitForAsync(string start)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var exited = _process.HasExited;
            if (_output.FirstOrDefault(l => l.StartsWith(start, StringComparison.Ordinal)) is { } line)
            {
                return line[start.Length..].Trim();
            }

            if (exited || patience.IsCancellationRequested)
            {
                throw new InvalidOperationException(
                    $"no line '{start}'; process {Id} {(exited ? $"ended with {ExitCode}" : "still runs")}\n{Output}\n{Errors}");
            }

            await _news.WaitAsync(TimeSpan.FromMilliseconds(50));
        }
    }

    /// <summary>Waits until stdout has that many lines, or the process ends.</summary>
    public async Task WaitForLinesAsync(int count)
    {
        while (_output.Count < count && !_process.HasExited)
        {
            await _news.WaitAsync(TimeSpan.FromMilliseconds(50));
        }
    }

    /// <summary>Waits for the end, which includes all its output.</summary>
    /// <param name="patience">How long; null for what is enough for most.</param>
    public async Task<int> WaitAsync(TimeSpan? patience = null)
    {
        using var limit = new CancellationTokenSource(patience ?? Patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            throw new InvalidOperationException($"process {Id} did not end\n{Output}\n{Errors}");
        }

        return ExitCode;
    }

    /// <summary><c>kill -9</c>, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await WaitAsync();
    }

    /// <summary>Sends a signal: <c>TERM</c>, <c>INT</c>.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and waits for a clean end.</summary>
    /// <exception cref="InvalidOperationException">It ended with an error.</exception>
    public async Task StopAsync()
    {
        if (!_process.HasExited)
        {
            await SignalAsync("TERM");
        }

        if (await WaitAsync() != 0)
        {
            throw new InvalidOperationException($"process {Id} ended with {ExitCode}\n{Output}\n{Errors}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _news.Dispose();
    }

    private void Take(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
            _news.Release();
        }
    }
}
