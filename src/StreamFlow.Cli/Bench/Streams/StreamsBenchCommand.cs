using System.CommandLine;

namespace StreamFlow.Cli.Bench.Streams;

/// <summary><c>bench streams …</c>: the topologies that Kafka Streams runs too, with the same options and the same results.</summary>
internal static class StreamsBenchCommand
{
    public static Command Create() => new(
        "streams", "Topologies side by side with Kafka Streams: load the inputs, run, verify, restore, start.")
    {
        LoadCommand.Create(), RunCommand.Create(), RestoreCommand.Create(), VerifyCommand.Create(), StartupCommand.Create(),
    };
}
