using System.CommandLine;
using StreamFlow.Cli.Shell;
using StreamFlow.Sql.Testing;

namespace StreamFlow.Cli.Commands;

/// <summary><c>test PATH…</c>: SQL test cases through the engine.</summary>
internal static class TestCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH")
        {
            Arity = ArgumentArity.OneOrMore,
            Description = "Case files, or folders with case files.",
        };
        var filter = new Option<string?>("--filter") { Description = "A regular expression that the case's id must match." };
        var list = new Option<bool>("--list") { Description = "Prints the ids of the cases and runs none." };
        var command = new Command("test", "Runs SQL test cases. Example: streamflow test cases --filter 'joins/'") { paths, filter, list };
        command.Runs(async (parsed, cancellation) =>
        {
            var options = new SqlTestOptions(parsed.GetValue(paths) ?? [])
            {
                Filter = parsed.GetValue(filter),
                ListOnly = parsed.GetValue(list),
            };
            var passed = await SqlTestRun.RunAsync(options, Console.Out, cancellation);
            return passed ? ExitCodes.Done : ExitCodes.Failed;
        });
        return command;
    }
}
