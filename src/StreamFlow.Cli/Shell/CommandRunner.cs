using System.CommandLine;
using System.Runtime.InteropServices;

namespace StreamFlow.Cli.Shell;

/// <summary>
/// Runs a command's work: SIGINT and SIGTERM cancel its token, so that it commits and closes; a second SIGINT ends the process at once.
/// Exceptions become one line and an exit code.
/// </summary>
internal static class CommandRunner
{
    /// <summary>Attaches the work of a command.</summary>
    public static void Runs(this Command command, Func<ParseResult, CancellationToken, Task<int>> work) =>
        command.SetAction((parsed, _) => RunAsync(parsed, work));

    private static async Task<int> RunAsync(ParseResult parsed, Func<ParseResult, CancellationToken, Task<int>> work)
    {
        using var stopping = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        try
        {
            return await work(parsed, stopping.Token);
        }
        catch (Exception e)
        {
            return ErrorReport.Report(e, parsed.GetValue(GlobalOptions.Verbose), Console.Error);
        }

        void OnSignal(PosixSignalContext context)
        {
            if (context.Signal == PosixSignal.SIGINT && Interrupts.TryHandle())
            {
                context.Cancel = true;
                return;
            }

            // The first signal asks; the second one, left to the system, ends the process.
            if (!stopping.IsCancellationRequested)
            {
                context.Cancel = true;
                stopping.Cancel();
            }
        }
    }
}
