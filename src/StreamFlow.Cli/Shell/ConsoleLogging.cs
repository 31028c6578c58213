using System.CommandLine;
using Microsoft.Extensions.Logging;

namespace StreamFlow.Cli.Shell;

/// <summary>Logs to stderr: warnings and worse, or everything from Information on with <c>--verbose</c>.</summary>
internal static class ConsoleLogging
{
    public static ILoggerFactory Create(ParseResult parsed)
    {
        var least = parsed.GetValue(GlobalOptions.Verbose) ? LogLevel.Information : LogLevel.Warning;
        return LoggerFactory.Create(logging => logging
            .SetMinimumLevel(least)
            .AddSimpleConsole(console => console.SingleLine = true)
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
    }
}
