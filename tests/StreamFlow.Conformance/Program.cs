using System.Reflection;

namespace StreamFlow.Conformance;

/// <summary>
/// Runs recorded vectors through the public API and compares every record:
/// <c>dotnet run --project tests/StreamFlow.Conformance -- [FORMAT] [DIR...]</c>, FORMAT <c>streams</c> when left out. Without directories
/// those beside the repository are taken (<c>../shared/conformance/FORMAT</c>); if they are missing, that is said and nothing fails. Only
/// then may the cases of <c>known-gaps.txt</c> fail.
/// </summary>
internal static class Program
{
    private static readonly Dictionary<string, IVectorFormat> Formats = new(StringComparer.Ordinal)
    {
        ["streams"] = new Streams.StreamsFormat(),
    };

    public static int Main(string[] args)
    {
        var (name, directories) = args.Length > 0 && Formats.ContainsKey(args[0]) ? (args[0], args[1..]) : ("streams", args);
        var gaps = directories.Length == 0 ? KnownGaps.Load(RepositoryRoot()) : KnownGaps.None;
        var tally = new Tally(Console.Out, gaps);
        foreach (var directory in directories.Length == 0 ? [Path.Combine(RepositoryRoot(), "..", "shared", "conformance", name)] : directories)
        {
            if (!Directory.Exists(directory))
            {
                Console.WriteLine($"skipped: there are no vectors in {directory}");
                continue;
            }

            Formats[name].Run(directory, tally);
        }

        tally.Summarize();
        return tally.Failed == 0 ? 0 : 1;
    }

    private static string RepositoryRoot() =>
        typeof(Program).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "RepositoryRoot").Value!;
}
