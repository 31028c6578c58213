using System.CommandLine;
using StreamFlow.Cli.Shell;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Cli.Commands;

/// <summary><c>topology …</c>: looks at the topology in an assembly.</summary>
internal static class TopologyCommand
{
    private static readonly Argument<string> File = new(
        "FILE.dll[:TYPE]") { Description = "The assembly, and the type when several make a topology." };

    public static Command Create() => new("topology", "Prints and compares topologies. Example: streamflow topology describe app.dll")
    {
        Describe(), Diff(),
    };

    private static Command Describe()
    {
        var format = new Option<string>("--format") { Description = "text, json or mermaid.", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json", "mermaid");
        var command = new Command(
            "describe", "Prints sub-topologies, nodes and stores. Example: streamflow topology describe app.dll --format mermaid")
        {
            File, format,
        };
        command.Runs(async (parsed, cancellation) =>
        {
            var description = TopologyLoader.Load(parsed.GetRequiredValue(File)).Describe();
            var text = parsed.GetValue(format) switch
            {
                "json" => description.ToJson(),
                "mermaid" => description.ToMermaid(),
                _ => description.ToString(),
            };
            await Console.Out.WriteLineAsync(text.AsMemory(), cancellation);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Diff()
    {
        var other = new Argument<string>("OTHER")
        {
            Description = "The version that runs: an assembly, or JSON that describe wrote. Left out: FILE.json beside FILE.dll.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command(
            "diff",
            "Says which stores and internal topics survive an upgrade to FILE.dll; exit code 1 when any is lost or changed. "
            + "Example: streamflow topology diff app.dll app-1.0.json")
        {
            File, other,
        };
        command.Runs(async (parsed, cancellation) =>
        {
            var file = parsed.GetRequiredValue(File);
            var after = TopologyLoader.Load(file).Describe().ToJson();
            var changes = TopologyDiff.Compare(await ReadAsync(parsed.GetValue(other) ?? JsonBeside(file), cancellation), after);
            RowOutput.Write(
                parsed,
                ["fate", "what", "name", "detail"],
                changes.Select(c => new object?[] { c.Fate.ToString().ToLowerInvariant(), c.What, c.Name, c.Detail }));
            var lost = changes.Count(c => c.Fate is TopologyFate.Lost or TopologyFate.Changed);
            await Console.Error.WriteLineAsync(Verdict(lost, changes.Count(c => c.Fate == TopologyFate.New)).AsMemory(), cancellation);
            return lost == 0 ? ExitCodes.Done : ExitCodes.Failed;
        });
        return command;
    }

    private static string Verdict(int lost, int added) => lost > 0
        ? $"{lost} lost or changed: name what shall stay (Materialized.As, Grouped.As), or reset the application"
        : added > 0 ? $"a rolling upgrade keeps everything; {added} new" : "a rolling upgrade keeps everything";

    private static string JsonBeside(string file)
    {
        var at = file.LastIndexOf(".dll", StringComparison.OrdinalIgnoreCase);
        return (at < 0 ? file : file[..at]) + ".json";
    }

    private static async Task<string> ReadAsync(string place, CancellationToken cancellation)
    {
        if (!place.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            return TopologyLoader.Load(place).Describe().ToJson();
        }

        return System.IO.File.Exists(place)
            ? await System.IO.File.ReadAllTextAsync(place, cancellation)
            : throw new UsageException($"{place}: there is no such file; write it with streamflow topology describe OLD --format json");
    }
}
