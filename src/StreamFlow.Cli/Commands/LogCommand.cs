using System.CommandLine;
using System.Globalization;
using System.Text;
using StreamFlow.Cli.Shell;
using StreamFlow.Core.IO;
using StreamFlow.Storage.Inspection;

namespace StreamFlow.Cli.Commands;

/// <summary><c>log …</c>: looks into segments and indexes, ours or Kafka's.</summary>
internal static class LogCommand
{
    private static readonly Argument<string> PathArgument = new(
        "DIR_OR_FILE") { Description = "A data, topic or log directory, or a single file." };

    public static Command Create(
        ) => new("log", "Dumps and verifies segments and indexes, ours or Kafka's. Example: streamflow log verify ./data")
    {
        Dump(), Verify(),
    };

    private static Command Dump()
    {
        var records = new Option<bool>("--records") { Description = "The records of each batch too." };
        var command = new Command(
            "dump", "Prints batches. Example: streamflow log dump ./data/orders-0 --records") { PathArgument, records };
        command.Runs((parsed, cancellation) =>
        {
            var faults = 0;
            foreach (var found in new LogInspector(SystemFileSystem.Instance).Inspect(Existing(parsed), parsed.GetValue(records)))
            {
                cancellation.ThrowIfCancellationRequested();
                faults += found is InspectedFault ? 1 : 0;
                Print(found);
            }

            return Task.FromResult(faults == 0 ? ExitCodes.Done : ExitCodes.Failed);
        });
        return command;
    }

    private static Command Verify()
    {
        var command = new Command(
            "verify", "Checks every batch and index; exits 1 at the first fault. Example: streamflow log verify ./data") { PathArgument };
        command.Runs(async (parsed, cancellation) =>
        {
            var path = Existing(parsed);
            var fault = new LogInspector(SystemFileSystem.Instance).FindFault(path);
            var verdict = fault is null ? $"{path}: no fault" : $"{fault.File}: damaged at byte {fault.Position}: {fault.Reason}";
            await Console.Out.WriteLineAsync(verdict.AsMemory(), cancellation);
            return fault is null ? ExitCodes.Done : ExitCodes.Failed;
        });
        return command;
    }

    private static string Existing(ParseResult parsed)
    {
        var path = parsed.GetRequiredValue(PathArgument);
        return File.Exists(path) || Directory.Exists(path) ? path : throw new UsageException($"{path}: there is no such file or directory");
    }

    private static void Print(LogInspection found)
    {
        if (found is InspectedFault fault)
        {
            Console.Out.WriteLine($"{fault.File}: damaged at byte {fault.Position}: {fault.Reason}");
        }
        else if (found is InspectedBatch batch)
        {
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{batch.File} position {batch.Position} size {batch.Size} offsets {batch.BaseOffset}-{batch.LastOffset} records "
                    + $"{batch.RecordCount} "
                + $"epoch {batch.LeaderEpoch} producer {batch.ProducerId}/{batch.ProducerEpoch} sequence {batch.BaseSequence} "
                    + $"{batch.Compression} "
                + $"{batch.TimestampType} {batch.MaxTimestamp}{(batch.IsTransactional ? " transactional" : "")}"
                + $"{(batch.IsControl ? " control" : "")} "
                + $"crc {batch.Crc:x8}"));
            foreach (var record in batch.Records)
            {
                Console.Out.WriteLine($"  offset {record.Offset} timestamp {record.Timestamp} key {Text(record.Key)} value "
                    + $"{Text(record.Value)}");
            }
        }
        else
        {
            Console.Out.WriteLine(found);
        }
    }

    private static string Text(byte[]? bytes) => bytes is null ? "null" : Encoding.UTF8.GetString(bytes);
}
