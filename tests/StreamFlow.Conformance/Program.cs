using System.Reflection;

namespace StreamFlow.Conformance;

/// <summary>
/// Runs recorded vectors through the public API and compares every record:
/// <c>dotnet run --project tests/StreamFlow.Conformance -- [--trim-gaps | [--restarts] PATH...]</c>. Files are recognized by their content.
/// With <c>--restarts</c> the state is lost and restored again and again. Without paths our own recordings are taken
/// (<c>tests/differential/recorded</c>) and everything in the folder beside the repository (<c>../shared/conformance</c>). If the folder is
/// missing, it is said and nothing fails. Only then may the cases of <c>known-gaps*.txt</c> fail.
/// </summary>
internal static class Program
{
    /// <summary>What the run over everything takes of the auction queries; a million events take minutes.</summary>
    private const long DefaultEvents = 20_000;

    public static async Task<int> Main(string[] args)
    {
        var root = typeof(Program).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "RepositoryRoot").Value!;
        var trims = args is ["--trim-gaps"];
        var restarts = args is ["--restarts", ..];
        var paths = trims ? [] : restarts ? args[1..] : args;
        var isDefault = paths.Length == 0;
        if (paths.Length == 0)
        {
            paths = [Path.Combine(root, "tests", "differential", "recorded")];
            var shared = Path.Combine(root, "..", "shared", "conformance");
            if (Directory.Exists(shared))
            {
                paths = [.. paths, shared];
            }
            else
            {
                Console.WriteLine($"skipped: there are no vectors in {shared}");
            }
        }

        var tally = new Tally(Console.Out, isDefault ? KnownGaps.Load(root) : KnownGaps.None);
        var formats = restarts ? [new Streams.StreamsFormat(restarts: true)] : Formats(isDefault ? DefaultEvents : long.MaxValue);
        foreach (var (format, files) in VectorFiles.Find(formats, paths))
        {
            await format.RunAsync(files, tally);
        }

        if (trims)
        {
            KnownGaps.Trim(root, tally.Closed);
        }

        tally.Summarize();
        if (tally.Passed + tally.Failed == 0)
        {
            await Console.Error.WriteLineAsync($"no vectors below {string.Join(", ", paths)}");
            return 1;
        }

        return tally.Failed == 0 ? 0 : 1;
    }

    private static IVectorFormat[] Formats(long maxEvents) =>
    [
        new Streams.StreamsFormat(),
        new Streams.Bytes.BytesFormat(),
        new Topologies.TopologiesFormat(),
        new Nexmark.NexmarkFormat(maxEvents),
        new Sql.SqlFormat(),
    ];
}
