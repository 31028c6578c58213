using System.CommandLine;
using StreamFlow.Cli.Shell;

namespace StreamFlow.Cli.Commands;

/// <summary><c>topology …</c>: looks at the topology in an assembly.</summary>
internal static class TopologyCommand
{
    private static readonly Argument<string> File = new(
        "FILE.dll[:TYPE]") { Description = "The assembly, and the type when several make a topology." };

    public static Command Create() => new("topology", "Prints topologies. Example: streamflow topology describe app.dll") { Describe() };

    private static Command Describe()
    {
        var format = new Option<string>("--format") { Description = "text or mermaid.", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "mermaid");
        var command = new Command(
            "describe", "Prints sub-topologies, nodes and stores. Example: streamflow topology describe app.dll --format mermaid")
        {
            File, format,
        };
        command.Runs(async (parsed, cancellation) =>
        {
            var description = TopologyLoader.Load(parsed.GetRequiredValue(File)).Describe();
            var text = parsed.GetValue(format) == "mermaid" ? description.ToMermaid() : description.ToString();
            await Console.Out.WriteLineAsync(text.AsMemory(), cancellation);
            return ExitCodes.Done;
        });
        return command;
    }
}
