using System.CommandLine;
using StreamFlow.Cli.Shell;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Execution;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Cli.Sql;

/// <summary><c>sql</c>: the REPL, or statements from the command line or a file.</summary>
internal static class SqlCommand
{
    private static readonly Option<string?> Execute = new(
        "-e") { Description = "Runs these statements and exits.", HelpName = "STATEMENTS" };
    private static readonly Option<FileInfo?> File = new(
        "-f") { Description = "Runs the statements of a file and exits.", HelpName = "FILE" };
    private static readonly Option<string> State = new("--state")
    {
        Description = "Where queries keep their stores.", HelpName = "DIR", DefaultValueFactory = _ => "./streamflow-data/sql-state",
    };

    public static Command Create()
    {
        var command = new Command("sql", "SQL on streams and tables: a REPL, or -e / -f. Example: streamflow sql -e 'SHOW TOPICS;'")
        {
            Execute, File, State,
        };
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        await using var cluster = await OpenedCluster.OpenAsync(parsed, cancellation);
        var options = new StreamsOptions
        {
            ApplicationId = "streamflow-sql-",
            StateDirectory = Path.GetFullPath(parsed.GetRequiredValue(State)),
            CommitInterval = TimeSpan.FromMilliseconds(200),
        };
        await using var runtime = new ClusterSqlRuntime(cluster, options);
        await using var engine = new SqlEngine(runtime);
        var session = new SqlSession();
        foreach (var (key, value) in GlobalOptions.ClientPropertiesOf(parsed))
        {
            session.Properties[key] = value;
        }

        var console = new SqlConsole(engine, session, parsed);
        if (parsed.GetValue(Execute) is { } statements)
        {
            return await ScriptAsync(console, statements, cancellation);
        }

        if (parsed.GetValue(File) is { } file)
        {
            return file.Exists
                ? await ScriptAsync(console, await System.IO.File.ReadAllTextAsync(file.FullName, cancellation), cancellation)
                : throw new UsageException($"-f {file}: there is no such file");
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
