using System.CommandLine;
using StreamFlow.Cli.Shell;

namespace StreamFlow.Cli.Commands;

/// <summary>
/// <c>completion bash|zsh|pwsh</c>: prints a script that has the shell ask the program itself, by its <c>[suggest:N]</c> directive, which
/// words can stand at the cursor.
/// </summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # streamflow completion for bash: eval "$(streamflow completion bash)"
        _streamflow() {
          local IFS=$'\n'
          COMPREPLY=($(compgen -W "$(streamflow "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _streamflow streamflow ./streamflow
        """;

    private const string Zsh = """
        # streamflow completion for zsh: eval "$(streamflow completion zsh)"
        _streamflow() {
          local -a words_here
          words_here=("${(@f)$(streamflow "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
          compadd -- $words_here
          _files
        }
        compdef _streamflow streamflow
        """;

    private const string Pwsh = """
        # streamflow completion for PowerShell: streamflow completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName streamflow -ScriptBlock {
          param($wordToComplete, $commandAst, $cursorPosition)
          streamflow "[suggest:$cursorPosition]" "$commandAst" 2>$null |
            Where-Object { $_ -like "$wordToComplete*" } |
            ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "The shell." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "pwsh");
        var command = new Command(
            "completion", "Prints a script for tab completion. Example: eval \"$(streamflow completion bash)\"") { shell };
        command.Runs(async (parsed, _) =>
        {
            await Console.Out.WriteLineAsync(parsed.GetValue(shell) switch { "zsh" => Zsh, "pwsh" => Pwsh, _ => Bash });
            return ExitCodes.Done;
        });
        return command;
    }
}
