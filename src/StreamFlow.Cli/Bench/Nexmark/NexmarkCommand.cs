using System.CommandLine;
using StreamFlow.Cli.Shell;
using StreamFlow.Core.Buffers;

namespace StreamFlow.Cli.Bench.Nexmark;

/// <summary><c>bench nexmark …</c>: the auction workload.</summary>
internal static class NexmarkCommand
{
    private const int FlushBytes = 1 << 16;

    public static Command Create()
    {
        var nexmark = new Command("nexmark", "The Nexmark auction workload.");
        nexmark.Subcommands.Add(Generate());
        nexmark.Subcommands.Add(NexmarkAnswersCommand.Create());
        nexmark.Subcommands.Add(NexmarkRunCommand.Create());
        nexmark.Subcommands.Add(NexmarkCompareCommand.Create());
        return nexmark;
    }

    private static Command Generate()
    {
        var seed = new Option<long>("--seed") { Description = "Seed of all draws.", DefaultValueFactory = _ => 1 };
        var rate = new Option<long>("--rate") { Description = "Events per second of event time.", DefaultValueFactory = _ => 100_000 };
        var from = new Option<long>("--from") { Description = "First event number." };
        var to = new Option<long>("--to") { Description = "Event number to stop before.", Required = true };
        var command = new Command("generate", "Prints events as lines: P, A or B, a tab, JSON. Example: bench nexmark generate --to 50")
        {
            seed, rate, from, to,
        };
        command.Runs(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(rate) <= 0)
            {
                throw new UsageException("--rate: events per second, above 0");
            }

            var generator = new NexmarkGenerator(parsed.GetValue(seed), parsed.GetValue(rate));
            using var lines = new PooledBufferWriter(2 * FlushBytes);
            await using var stdout = Console.OpenStandardOutput();
            for (var e = parsed.GetValue(from); e < parsed.GetValue(to); e++)
            {
                lines.Write(NexmarkGenerator.KindOf(e) switch
                {
                    NexmarkKind.Person => "P\t"u8,
                    NexmarkKind.Auction => "A\t"u8,
                    _ => "B\t"u8,
                });
                generator.WriteJson(e, lines);
                lines.Write("\n"u8);
                if (lines.WrittenCount >= FlushBytes)
                {
                    await stdout.WriteAsync(lines.WrittenMemory, cancellation);
                    lines.Clear();
                }
            }

            await stdout.WriteAsync(lines.WrittenMemory, cancellation);
            return ExitCodes.Done;
        });
        return command;
    }
}
