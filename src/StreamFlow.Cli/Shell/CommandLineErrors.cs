using System.CommandLine;
using System.CommandLine.Parsing;

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
            var near = Nearest(unknown, words);
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

    /// <summary>The word with the smallest edit distance, when that is at most a third of the length; else null.</summary>
    public static string? Nearest(string word, IEnumerable<string> candidates) =>
        candidates
            .Select(candidate => (candidate, distance: EditDistance(word, candidate)))
            .Where(c => c.distance <= Math.Max(1, word.Length / 3))
            .OrderBy(c => c.distance)
            .Select(c => c.candidate)
            .FirstOrDefault();

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

    private static int EditDistance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
