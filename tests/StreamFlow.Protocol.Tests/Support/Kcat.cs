using System.Diagnostics;

namespace StreamFlow.Protocol.Tests.Support;

/// <summary>Runs kcat, which brings librdkafka: a client that shares no code with this project.</summary>
internal static class Kcat
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static string? Path { get; } = new[] { "/usr/bin/kcat", "/usr/local/bin/kcat" }.FirstOrDefault(File.Exists);

    /// <summary>Both outputs of a run, which is ended after 30 s.</summary>
    public static async Task<string> RunAsync(string input, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path!, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            var all = await output + await errors;
            await process.WaitForExitAsync(limit.Token);
            return all;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
