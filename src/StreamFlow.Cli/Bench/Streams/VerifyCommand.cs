using System.CommandLine;
using StreamFlow.Cli.Shell;
using StreamFlow.Embedded;

namespace StreamFlow.Cli.Bench.Streams;

/// <summary><c>bench streams verify</c>: the checksum of a topic.</summary>
internal static class VerifyCommand
{
    private static readonly Option<string> Mode = new("--mode")
    {
        Description = "all: every record; final-per-key: the last value of each key.", DefaultValueFactory = _ => TopicChecksum.FinalPerKey,
    };

    public static Command Create()
    {
        var command = new Command("verify", "Prints the checksum of a topic.")
        {
            StreamsBenchOptions.Bootstrap, StreamsBenchOptions.Topic, Mode,
        };
        command.Runs(async (parsed, cancellation) =>
        {
            await using var cluster = await Cluster.OpenAsync(StreamsBenchOptions.ClusterOf(parsed));
            var sum = await TopicChecksum.ReadAsync(
                cluster, parsed.GetRequiredValue(StreamsBenchOptions.Topic), parsed.GetRequiredValue(Mode), cancellation);
            sum.Print();
            return ExitCodes.Done;
        });
        return command;
    }
}
