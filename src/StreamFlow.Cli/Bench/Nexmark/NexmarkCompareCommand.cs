using System.CommandLine;
using StreamFlow.Cli.Bench.Measuring;
using StreamFlow.Cli.Bench.Streams;
using StreamFlow.Cli.Shell;
using StreamFlow.Core.Errors;

namespace StreamFlow.Cli.Bench.Nexmark;

/// <summary>
/// <c>bench nexmark sql-vs-dsl</c>: a query in SQL and as a topology in C#, in turn in one process; the results must be equal.
/// </summary>
internal static class NexmarkCompareCommand
{
    public static Command Create()
    {
        var query = new Option<string>("--query")
        {
            Description = $"One of {string.Join(", ", NexmarkDsl.Names)}.", HelpName = "qN", Required = true,
        };
        var pairs = new Option<int>("--pairs")
        {
            Description = "Pairs of runs, after one that does not count.", DefaultValueFactory = _ => 3,
        };
        var command = new Command(
            "sql-vs-dsl", "What SQL costs beside the same query in C#. Example: bench nexmark sql-vs-dsl --query q2 --events 1000000")
        {
            query, NexmarkOptions.Events, NexmarkOptions.Seed, NexmarkOptions.Rate, NexmarkOptions.Threads, pairs,
        };
        command.Runs(async (parsed, cancellation) =>
        {
            var name = parsed.GetRequiredValue(query);
            var input = NexmarkOptions.InputOf(parsed);
            var threads = parsed.GetValue(NexmarkOptions.Threads);
            var ratios = new List<double>();
            string? sha = null;
            for (var i = 0; i <= parsed.GetValue(pairs); i++)
            {
                var costs = new double[2];
                foreach (var isDsl in (bool[])[false, true])
                {
                    await using var run = isDsl
                        ? await NexmarkRun.ExecuteDslAsync(name, input, threads, cancellation)
                        : await NexmarkRun.ExecuteAsync(name, input, threads, cancellation);
                    var answer = (await run.AnswerAsync(cancellation)).Sha256();
                    sha ??= answer;
                    if (sha != answer)
                    {
                        throw new StreamFlowException($"{name}: SQL and C# differ, or two runs of one do: {sha} and {answer}");
                    }

                    costs[isDsl ? 1 : 0] = run.Query.Cpu;
                }

                if (i > 0)
                {
                    ratios.Add(costs[0] / costs[1]);
                    Print(name, input, costs);
                }
            }

            ratios.Sort();
            JsonLine.Print(new() { ["query"] = name, ["sqlToDslCpu"] = ProcessMeter.Round(ratios[ratios.Count / 2]), ["sha256"] = sha! });
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Print(string query, NexmarkInput input, double[] costs) => JsonLine.Print(new()
    {
        ["query"] = query,
        ["events"] = input.Events,
        ["sqlCpuSecondsPerMillion"] = ProcessMeter.Round(costs[0] * 1e6 / input.Events),
        ["dslCpuSecondsPerMillion"] = ProcessMeter.Round(costs[1] * 1e6 / input.Events),
        ["ratio"] = ProcessMeter.Round(costs[0] / costs[1]),
    });
}
