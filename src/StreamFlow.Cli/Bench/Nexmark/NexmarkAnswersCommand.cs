using System.CommandLine;
using StreamFlow.Cli.Shell;

namespace StreamFlow.Cli.Bench.Nexmark;

/// <summary><c>bench nexmark answers</c>: a query's final result as canonical lines.</summary>
internal static class NexmarkAnswersCommand
{
    public static Command Create()
    {
        var output = new Option<FileInfo?>("--out") { Description = "Where the lines go. [default: stdout]", HelpName = "FILE" };
        var command = new Command(
            "answers",
            "Runs a query through the SQL engine and writes its final result, sorted. "
            + "Example: bench nexmark answers --query q2 --events 20000")
        {
            NexmarkOptions.Query, NexmarkOptions.Events, NexmarkOptions.Seed, NexmarkOptions.Rate, NexmarkOptions.Threads, output,
        };
        command.Runs(async (parsed, cancellation) =>
        {
            var query = parsed.GetRequiredValue(NexmarkOptions.Query);
            await using var run = await NexmarkRun.ExecuteAsync(
                query, NexmarkOptions.InputOf(parsed), parsed.GetValue(NexmarkOptions.Threads), cancellation);
            var answer = await run.AnswerAsync(cancellation);
            await using var target = parsed.GetValue(output)?.Create() ?? Console.OpenStandardOutput();
            await answer.WriteAsync(target, cancellation);
            await Console.Error.WriteLineAsync($"{query}: {answer.Rows} rows, sha256 {answer.Sha256()}");
            return ExitCodes.Done;
        });
        return command;
    }
}
