using System.Reflection;

namespace StreamFlow.Conformance;

/// <summary>
/// Runs recorded vectors through the public API and compares every record:
/// <c>dotnet run --project tests/StreamFlow.Conformance -- FORMAT [DIR...]</c>. Without directories those beside the repository
/// are taken (<c>../shared/conformance/FORMAT</c>); if they are missing, that is said and nothing fails.
/// </summary>
internal static class Program
{
    private static readonly Dictionary<string, IVectorFormat> Formats = new(StringComparer.Ordinal)
    {
        ["streams"] = new Streams.StreamsFormat(),
    };

    public static int Main(string[] args)
    {
        if (args.Length == 0 || !Formats.TryGetValue(args[0], out var format))
        {
            Console.Error.WriteLine($"usage: StreamFlow.Conformance FORMAT [DIR...]; formats: {string.Join(", ", Formats.Keys)}");
            return 2;
        }

        var directories = args.Length > 1 ? args[1..] : [Path.Combine(Shared(), args[0])];
        var tally = new Tally(Console.Out);
        foreach (var directory in directories)
        {
            if (!Directory.Exists(directory))
            {
                Console.WriteLine($"skipped: there are no vectors in {directory}");
                continue;
            }

            format.Run(directory, tally);
        }

        tally.Summarize();
        return tally.Failed == 0 ? 0 : 1;
    }

    private static string Shared()
    {
        var root = typeof(Program).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "RepositoryRoot").Value!;
        return Path.GetFullPath(Path.Combine(root, "..", "shared", "conformance"));
    }
}
