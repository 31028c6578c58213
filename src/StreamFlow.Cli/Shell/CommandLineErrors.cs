using System.CommandLine;
using System.CommandLine.Parsing;
using StreamFlow.Core.Errors;

namespace StreamFlow.Cli.Shell;

/// <summary>Says what is wrong with a command line: one line, with the nearest word when one was misspelt.</summary>
internal static class CommandLineErrors
{
    public static int Report(ParseResult parsed, TextWriter stderr)
    {
        var command = parsed.CommandResult.Command;
        var unknown = parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null;
        if (unknown is not null)
        {
            var words = unknown.StartsWith('-')
                ? OptionsOf(parsed.CommandResult)
                : command.Subcommands.Where(c => !c.Hidden).SelectMany(c => c.Aliases.Append(c.Name));
            var near = NearestName.Find(unknown, words);
            stderr.WriteLine(near is null
                ? $"streamflow: '{unknown}' is not known here; see: streamflow {PathOf(parsed.CommandResult)}--help"
                : $"streamflow: '{unknown}' is not known here; did you mean '{near}'?");
        }
        else
        {
            stderr.WriteLine($"streamflow: {parsed.Errors[0].Message} See: streamflow {PathOf(parsed.CommandResult)}--help");
        }

        return ExitCodes.WrongCommandLine;
    }

    private static IEnumerable<string> OptionsOf(CommandResult result)
    {
        for (SymbolResult? at = result; at is not null; at = at.Parent)
        {
            foreach (var option in (at as CommandResult)?.Command.Options ?? [])
            {
                if (at == result || option.Recursive)
                {
                    yield return option.Name;
                }
            }
        }
    }

    private static string PathOf(CommandResult result)
    {
        var path = "";
        for (SymbolResult? at = result; at is CommandResult command && at.Parent is not null; at = at.Parent)
        {
            path = command.Command.Name + " " + path;
        }

        return path;
    }
}
