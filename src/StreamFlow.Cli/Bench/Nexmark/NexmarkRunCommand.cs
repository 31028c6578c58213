using System.CommandLine;
using StreamFlow.Cli.Bench.Measuring;
using StreamFlow.Cli.Bench.Streams;
using StreamFlow.Cli.Shell;

namespace StreamFlow.Cli.Bench.Nexmark;

/// <summary><c>bench nexmark run</c>: what queries cost.</summary>
internal static class NexmarkRunCommand
{
    public static Command Create()
    {
        var query = new Option<string>("--query") { Description = "A query's name, or all.", HelpName = "qN|all", Required = true };
        var warmup = new Option<long>("--warmup")
        {
            Description = "Events to run each query over before, in the same process.", DefaultValueFactory = _ => 0,
        };
        var command = new Command(
            "run", "Runs queries over events in memory and prints what each cost. Example: bench nexmark run --query q0 --events 1000000")
        {
            query, NexmarkOptions.Events, NexmarkOptions.Seed, NexmarkOptions.Rate, NexmarkOptions.Threads, warmup,
        };
        command.Runs(async (parsed, cancellation) =>
        {
            var name = parsed.GetRequiredValue(query);
            var input = NexmarkOptions.InputOf(parsed);
            var threads = parsed.GetValue(NexmarkOptions.Threads);
            foreach (var one in name == "all" ? NexmarkQueries.Names : [name])
            {
                if (parsed.GetValue(warmup) is > 0 and var events)
                {
                    await (await NexmarkRun.ExecuteAsync(one, input with { Events = events }, threads, cancellation)).DisposeAsync();
                }

                await using var run = await NexmarkRun.ExecuteAsync(one, input, threads, cancellation);
                Print(one, input, threads, run);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>As the peers' programs: the process' CPU holds the generator's, which is named beside it.</summary>
    private static void Print(string query, NexmarkInput input, int threads, NexmarkRun run) => JsonLine.Print(new()
    {
        ["query"] = query,
        ["events"] = input.Events,
        ["wallSeconds"] = run.Query.Wall,
        ["cpuSeconds"] = ProcessMeter.Round(run.Load.Cpu + run.Query.Cpu),
        ["eventsPerSecond"] = Math.Round(input.Events / Math.Max(run.Query.Wall, 0.001)),
        ["generatorCpuSeconds"] = run.Load.Cpu,
        ["queryCpuSeconds"] = run.Query.Cpu,
        ["queryCpuSecondsPerMillion"] = ProcessMeter.Round(run.Query.Cpu * 1e6 / Math.Max(input.Events, 1)),
        ["threads"] = threads,
        ["peakRssMb"] = ProcessMeter.PeakRssMb(),
    });
}
