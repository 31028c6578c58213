namespace StreamFlow.Cli.Shell;

/// <summary>The program's exit codes; scripts rely on them.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    public const int Failed = 1;

    public const int WrongCommandLine = 2;

    public const int Interrupted = 130;
}
