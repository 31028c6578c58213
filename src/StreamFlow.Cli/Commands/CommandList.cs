using System.CommandLine;
using StreamFlow.Cli.Bench;

namespace StreamFlow.Cli.Commands;

/// <summary>Every command of the program, in the order in which help lists them.</summary>
internal static class CommandList
{
    public static void AddTo(RootCommand root)
    {
        root.Subcommands.Add(BenchCommand.Create());
    }
}
