using System.Xml.Linq;

namespace StreamFlow.Architecture.Tests;

/// <summary>Arrows point down only: this table is the house, and a csproj that gains an arrow fails here.</summary>
public sealed class DependencyTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Core"] = [],
        ["Protocol.Generator"] = [],
        ["Protocol"] = ["Core", "Protocol.Generator"],
        ["Storage"] = ["Core"],
        ["Broker"] = ["Core", "Protocol", "Storage"],
        ["Client"] = ["Core", "Protocol"],
        ["Embedded"] = ["Core", "Protocol", "Storage", "Client", "Broker"],
        ["RocksDb"] = ["Core"],
        ["Streams"] = ["Core", "Client", "RocksDb"],
        ["Streams.Testing"] = ["Core", "Client", "Streams"],
        ["Hosting"] = ["Core", "Client", "Broker", "Embedded", "Streams"],
        ["Sql"] = ["Core", "Client", "Streams"],
        ["Sql.Testing"] = ["Core", "Client", "Streams", "Streams.Testing", "Sql"],
        ["Cli"] =
        [
            "Core", "Protocol", "Storage", "Client", "Broker", "Embedded", "RocksDb", "Streams", "Streams.Testing", "Hosting", "Sql", "Sql.Testing",
        ],
    };

    /// <summary>Namespaces that stay inside one room: prefix, then the folders below src that may use it.</summary>
    private static readonly (string Namespace, string[] Rooms)[] Confined =
    [
        ("Antlr4.", ["StreamFlow.Sql/Parsing"]),
        ("Microsoft.CodeAnalysis", ["StreamFlow.Sql/CodeGeneration", "StreamFlow.Protocol.Generator"]),
        ("Microsoft.AspNetCore.Connections", ["StreamFlow.Broker/Net"]),
        ("Microsoft.AspNetCore.Server.Kestrel", ["StreamFlow.Broker/Net", "StreamFlow.Cli"]),
        ("StreamFlow.RocksDb", ["StreamFlow.RocksDb", "StreamFlow.Streams/State", "StreamFlow.Cli"]),
    ];

    public static TheoryData<string> Projects()
    {
        var data = new TheoryData<string>();
        foreach (var project in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories))
        {
            data.Add(Repository.Relative(project));
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_refers_only_to_what_the_house_allows(string project)
    {
        var name = ShortName(project);
        Assert.True(Allowed.ContainsKey(name), $"{project} is not in the table of the house; add it with the arrows it may have");
        var references = XDocument.Load(Path.Combine(Repository.Root, project)).Descendants("ProjectReference")
            .Select(e => ShortName(e.Attribute("Include")!.Value));
        var forbidden = references.Except(Allowed[name]).ToArray();
        Assert.True(forbidden.Length == 0, $"{project} may not refer to {string.Join(", ", forbidden)}");
    }

    [Fact]
    public void Foreign_libraries_stay_in_their_rooms()
    {
        var strays =
            from file in Repository.SourceFiles()
            let path = Repository.Relative(file)
            where path.StartsWith("src/", StringComparison.Ordinal)
            from line in File.ReadLines(file)
            where line.StartsWith("using ", StringComparison.Ordinal)
            from rule in Confined
            where line.Contains(' ' + rule.Namespace, StringComparison.Ordinal) || line.Contains("= " + rule.Namespace, StringComparison.Ordinal)
            where !rule.Rooms.Any(room => path.StartsWith("src/" + room + "/", StringComparison.Ordinal))
            select $"{path}: {line}";
        Assert.Empty(strays);
    }

    private static string ShortName(string project) =>
        Path.GetFileNameWithoutExtension(project.Replace('\\', '/'))["StreamFlow.".Length..];
}
