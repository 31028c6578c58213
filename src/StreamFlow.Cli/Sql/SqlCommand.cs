using System.CommandLine;
using StreamFlow.Cli.Shell;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Execution;

namespace StreamFlow.Cli.Sql;

/// <summary><c>sql</c>: the REPL, or statements from the command line or a file.</summary>
internal static class SqlCommand
{
    private static readonly Option<string?> Execute = new("-e", "--execute")
    {
        Description = "Runs these statements and exits.", HelpName = "STATEMENTS",
    };

    private static readonly Option<FileInfo?> File = new("-f", "--file")
    {
        Description = "Runs the statements of a file and exits.", HelpName = "FILE",
    };

    private static readonly Option<string[]> Define = new("-d", "--define")
    {
        Description = "Defines a variable for ${NAME}; repeatable.", HelpName = "NAME=VALUE",
    };

    private static readonly Option<string> State = new("--state")
    {
        Description = "Where queries keep their stores.", HelpName = "DIR", DefaultValueFactory = _ => "./streamflow-data/sql-state",
    };

    public static Command Create()
    {
        var command = new Command("sql", "SQL on streams and tables: a REPL, or -e / -f. Example: streamflow sql -e 'SHOW TOPICS;'")
        {
            Execute, File, Define, State,
        };
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var script = parsed.GetValue(Execute);
        if (parsed.GetValue(File) is { } file)
        {
            script = file.Exists
                ? await System.IO.File.ReadAllTextAsync(file.FullName, cancellation)
                : throw new UsageException($"-f {file}: there is no such file");
        }

        var session = new SqlSession();
        foreach (var (name, value) in KeyValues.Parse("--define", parsed.GetValue(Define)))
        {
            session.Variables[name] = value;
        }

        await using var opened = await OpenedEngine.OpenAsync(parsed, parsed.GetRequiredValue(State), cancellation);
        await opened.Engine.RestoreAsync(cancellation);
        if (opened.Engine.Damage is { } damage)
        {
            await Console.Error.WriteLineAsync($"warning: {damage}");
        }

        using var output = new SqlOutput(parsed.GetValue(GlobalOptions.Output) == OutputFormat.Json);
        var console = new SqlConsole(opened.Engine, session, output);
        if (script is not null)
        {
            return await ScriptAsync(console, script, cancellation);
        }

        await new SqlRepl(console).RunAsync(cancellation);
        return ExitCodes.Done;
    }

    private static async Task<int> ScriptAsync(SqlConsole console, string script, CancellationToken cancellation)
    {
        try
        {
            await console.RunAsync(script, cancellation);
            return ExitCodes.Done;
        }
        catch (SqlException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCodes.Failed;
        }
    }
}
