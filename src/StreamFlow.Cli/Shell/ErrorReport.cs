using StreamFlow.Core.Errors;

namespace StreamFlow.Cli.Shell;

/// <summary>Turns an exception into the one line on stderr and the exit code.</summary>
internal static class ErrorReport
{
    public static int Report(Exception error, bool verbose, TextWriter stderr)
    {
        var cause = Unwrap(error);
        if (cause is OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }

        stderr.WriteLine($"streamflow: {Describe(cause)}");
        if (verbose)
        {
            stderr.WriteLine(cause);
        }

        return cause is UsageException or ConfigurationException ? ExitCodes.WrongCommandLine : ExitCodes.Failed;
    }

    private static Exception Unwrap(Exception error) =>
        error is AggregateException { InnerExceptions.Count: 1 } aggregate ? Unwrap(aggregate.InnerExceptions[0]) : error;

    // An error of ours says what, where and what to do; another one is a surprise, and then its type helps.
    private static string Describe(Exception error) =>
        error is StreamFlowException ? error.Message : $"{error.GetType().Name}: {error.Message} (run again with --verbose for the stack)";
}
