using System.Text.RegularExpressions;
using StreamFlow.Cli.Shell;

namespace StreamFlow.Cli.Bench.Nexmark;

/// <summary>The queries: scripts beside this file, whose last statement makes the result.</summary>
internal static partial class NexmarkQueries
{
    private const string Prefix = "StreamFlow.Cli.Bench.Nexmark.Queries.";

    /// <summary>The names of all queries, q0 first.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. typeof(NexmarkQueries).Assembly.GetManifestResourceNames().Where(r => r.StartsWith(Prefix + "q", StringComparison.Ordinal))
            .Select(r => r[Prefix.Length..^".sql".Length])
            .OrderBy(n => n.Length).ThenBy(n => n, StringComparer.Ordinal),
    ];

    /// <summary>Declares the topics.</summary>
    public static string Schema => Read("schema");

    /// <exception cref="UsageException">There is no such query.</exception>
    public static string Script(string query) => Names.Contains(query)
        ? Read(query)
        : throw new UsageException($"--query {query}: one of {string.Join(", ", Names)}");

    /// <summary>The topics that a query reads: those its first line names.</summary>
    public static IReadOnlyList<string> Topics(string query) => ReadsLine().Match(Script(query)).Groups[1].Value.Split(", ");

    private static string Read(string name)
    {
        using var stream = typeof(NexmarkQueries).Assembly.GetManifestResourceStream($"{Prefix}{name}.sql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("^-- reads ([a-z, ]+):", RegexOptions.CultureInvariant)]
    private static partial Regex ReadsLine();
}
