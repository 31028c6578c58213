using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using StreamFlow.Cli.Bench.Measuring;
using StreamFlow.Cli.Shell;

namespace StreamFlow.Cli.Bench.Limits;

/// <summary><c>bench limits</c>: what this machine can do at most, kernel by kernel.</summary>
internal static class LimitsCommand
{
    public static Command Create()
    {
        var command = new Command(
            "limits", "Prints what the machine can do at most: memory, checksum, file, network, batch and state kernels.");
        command.Runs((parsed, cancellation) =>
        {
            var directory = Directory.CreateTempSubdirectory("streamflow-limits-").FullName;
            try
            {
                Print(parsed.GetValue(GlobalOptions.Output), directory, cancellation);
            }
            finally
            {
                Directory.Delete(directory, recursive: true);
            }

            return Task.FromResult(ExitCodes.Done);
        });
        return command;
    }

    private static void Print(OutputFormat format, string directory, CancellationToken cancellation)
    {
        var machine = Machine.Describe();
        Console.Error.WriteLine(machine);
        var kernels = MemoryKernels.All().Concat(LogKernels.All(directory)).Concat(NetworkKernels.All()).Concat(SendKernels.All(directory))
            .Concat(RecordKernels.All()).Concat(StateKernels.All());
        foreach (var kernel in kernels)
        {
            cancellation.ThrowIfCancellationRequested();
            var result = kernel.Measure(TimeProvider.System);
            Console.Out.WriteLine(format == OutputFormat.Json
                ? JsonSerializer.Serialize(new { bench = "limits", kernel = kernel.Name, result, unit = kernel.Unit, machine })
                : string.Create(CultureInfo.InvariantCulture, $"{kernel.Name,-28} {result,12:0.00} {kernel.Unit}"));
        }
    }
}
