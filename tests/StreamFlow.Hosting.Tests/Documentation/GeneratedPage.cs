using System.Reflection;

namespace StreamFlow.Hosting.Tests.Documentation;

/// <summary>
/// A page of <c>docs</c> that is written from the code. A stale one fails its test; <c>STREAMFLOW_ACCEPT_SNAPSHOTS=1</c> rewrites it.
/// </summary>
internal static class GeneratedPage
{
    /// <summary>The root of the repository.</summary>
    public static string Root { get; } =
        typeof(GeneratedPage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "RepositoryRoot").Value!;

    public static void Verify(string page, string text)
    {
        var path = Path.Combine(Root, "docs", page);
        if (Environment.GetEnvironmentVariable("STREAMFLOW_ACCEPT_SNAPSHOTS") == "1")
        {
            File.WriteAllText(path, text);
            return;
        }

        var actual = File.Exists(path) ? File.ReadAllText(path) : "";
        Assert.True(
            actual == text,
            $"docs/{page} is not what the code says; rewrite it: STREAMFLOW_ACCEPT_SNAPSHOTS=1 dotnet test tests/StreamFlow.Hosting.Tests -c Release");
    }

    /// <summary>A row of a table: bars would end the cell.</summary>
    public static string Row(params string[] cells) =>
        "| " + string.Join(" | ", cells.Select(c => c.Replace("|", "\\|", StringComparison.Ordinal))) + " |\n";
}
