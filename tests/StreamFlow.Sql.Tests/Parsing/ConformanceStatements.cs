using System.Text.Json;

namespace StreamFlow.Sql.Tests.Parsing;

/// <summary>Every statement of the shared conformance cases that no case expects to be a syntax error.</summary>
public static class ConformanceStatements
{
    /// <summary>The folder of the cases, or null when this machine has none.</summary>
    public static string? Folder { get; } = Find();

    public static IEnumerable<(string Id, string Statement)> All()
    {
        foreach (var file in Directory.EnumerateFiles(Folder!, "*.json").Order(StringComparer.Ordinal))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (var test in document.RootElement.GetProperty("cases").EnumerateArray())
            {
                if (test.GetProperty("polarity").GetString() == "positive")
                {
                    foreach (var statement in test.GetProperty("statements").EnumerateArray())
                    {
                        yield return (test.GetProperty("id").GetString()!, statement.GetString()!);
                    }
                }
            }
        }
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "conformance", "sql", "cases");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
