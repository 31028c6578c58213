using System.CommandLine;
using StreamFlow.Cli.Commands;
using StreamFlow.Cli.Shell;

var root = new RootCommand("StreamFlow: log, broker, stream topologies and SQL in one program.");
GlobalOptions.AddTo(root);
CommandList.AddTo(root);

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    return CommandLineErrors.Report(parsed, Console.Error);
}

return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
