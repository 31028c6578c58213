using StreamFlow.Cli.Shell;
using StreamFlow.Core.Errors;

namespace StreamFlow.Cli.Sql;

/// <summary>The REPL's own commands, as in psql; they need no semicolon. A few words of ksqlDB's client work, too.</summary>
internal sealed class ReplCommands(SqlConsole console)
{
    public const string Help = """
        A statement ends with ';' and may take several lines.
          \d [NAME]     lists streams and tables, or describes one
          \dq           lists queries
          \dt           lists topics
          \x            switches to one column a line, and back
          \timing       tells how long each statement took, or no longer
          \o [FILE]     sends results to a file, or back to the screen
          \i FILE       runs the statements of a file
          \json         switches to JSON lines, and back
          \?            this text
          \q            leaves (so does Ctrl-D)
        Ctrl-C stops a running query. Tab completes, the arrows and Ctrl-R look through what was typed before.
        """;

    public static IReadOnlyList<string> Names { get; } =
        ["\\d", "\\dq", "\\dt", "\\x", "\\timing", "\\o", "\\i", "\\json", "\\?", "\\q"];

    /// <summary>Whether a line is a command and not the beginning of a statement.</summary>
    public static bool IsCommand(string line) =>
        line.TrimStart().StartsWith('\\') || line.Trim().ToLowerInvariant() is "exit" or "quit" or "help" or "version" or "clear";

    public static bool IsEnd(string line) => line.Trim().ToLowerInvariant() is "\\q" or "exit" or "quit";

    /// <summary>Does what the line says; the statements it stands for are returned to be run.</summary>
    /// <exception cref="UsageException">There is no such command, or it lacks something.</exception>
    public async Task<string?> RunAsync(string line)
    {
        var words = line.Trim().Split(' ', 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var argument = words.Length > 1 ? words[1].TrimEnd(';') : null;
        switch (words[0].ToLowerInvariant())
        {
            case "\\d":
                return argument is null ? "SHOW STREAMS; SHOW TABLES;" : $"DESCRIBE {argument};";
            case "\\dq":
                return "SHOW QUERIES;";
            case "\\dt":
                return "SHOW TOPICS;";
            case "\\x":
                console.Output.IsExpanded = !console.Output.IsExpanded;
                return Say($"Expanded display is {OnOff(console.Output.IsExpanded)}.");
            case "\\timing":
                console.IsTiming = !console.IsTiming;
                return Say($"Timing is {OnOff(console.IsTiming)}.");
            case "\\json":
                console.Output.IsJson = !console.Output.IsJson;
                return Say($"JSON output is {OnOff(console.Output.IsJson)}.");
            case "\\o":
                console.Output.Redirect(argument);
                return null;
            case "\\i":
                return argument is not null && File.Exists(argument)
                    ? await File.ReadAllTextAsync(argument)
                    : throw new UsageException($"\\i {argument}: there is no such file");
            case "\\?" or "help":
                return Say(Help);
            case "version":
                return Say($"streamflow {typeof(ReplCommands).Assembly.GetName().Version}");
            case "clear":
                await Console.Out.WriteAsync("\u001b[H\u001b[2J");
                return null;
            default:
                var near = NearestName.Find(words[0], Names);
                throw new UsageException($"{words[0]} is no command; {(near is null ? "\\? lists them" : $"did you mean {near}?")}");
        }
    }

    private static string? Say(string text)
    {
        Console.Error.WriteLine(text);
        return null;
    }

    private static string OnOff(bool value) => value ? "on" : "off";
}
