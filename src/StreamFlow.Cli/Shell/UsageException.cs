using StreamFlow.Core.Errors;

namespace StreamFlow.Cli.Shell;

/// <summary>
/// The command line is wrong in a way that the parser cannot see; the program ends with <see cref="ExitCodes.WrongCommandLine"/>.
/// </summary>
internal sealed class UsageException(string message) : StreamFlowException(message);
