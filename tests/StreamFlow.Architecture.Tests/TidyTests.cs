using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace StreamFlow.Architecture.Tests;

/// <summary>What can be checked about readability is checked. An exception stands in the allowlist with its reason.</summary>
public sealed class TidyTests
{
    private const int MaxFileLines = 600;
    private const int MaxMethodLines = 60;
    private const int MaxLineColumns = 140;

    /// <summary>Path or path#method, then why it may be longer.</summary>
    private static readonly Dictionary<string, string> Allowlist = LoadAllowlist();

    [Fact]
    public void Files_methods_and_lines_stay_short()
    {
        var findings = new List<string>();
        foreach (var file in Repository.SourceFiles())
        {
            var path = Repository.Relative(file);
            var lines = File.ReadAllLines(file);
            if (lines.Length > MaxFileLines && !Allowlist.ContainsKey(path))
            {
                findings.Add($"{path}: {lines.Length} lines, more than {MaxFileLines}");
            }

            for (var i = 0; i < lines.Length; i++)
            {
                if (lines[i].Length > MaxLineColumns && path.StartsWith("src/", StringComparison.Ordinal) && !Allowlist.ContainsKey(path))
                {
                    findings.Add($"{path}:{i + 1}: {lines[i].Length} columns, more than {MaxLineColumns}");
                }
            }

            findings.AddRange(LongMethods(path, string.Join('\n', lines)));
        }

        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }

    [Fact]
    public void Nothing_is_left_for_later()
    {
        string[] words = ["TO" + "DO", "FIX" + "ME", "HA" + "CK:", "NotImplemented" + "Exception"];
        var findings =
            from file in Repository.SourceFiles()
            from numbered in File.ReadLines(file).Select((line, i) => (line, i))
            from word in words
            where numbered.line.Contains(word, StringComparison.Ordinal)
            select $"{Repository.Relative(file)}:{numbered.i + 1}: {numbered.line.Trim()}";
        Assert.Empty(findings);
    }

    [Fact]
    public void The_allowlist_names_only_what_exists()
    {
        var gone = Allowlist.Keys.Select(key => key.Split('#')[0]).Where(path => !File.Exists(Path.Combine(Repository.Root, path)));
        Assert.Empty(gone);
    }

    private static IEnumerable<string> LongMethods(string path, string text)
    {
        var root = CSharpSyntaxTree.ParseText(text).GetRoot();
        foreach (var member in root.DescendantNodes().OfType<BaseMethodDeclarationSyntax>())
        {
            var span = member.GetLocation().GetLineSpan();
            var count = span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
            var name = member switch
            {
                MethodDeclarationSyntax m => m.Identifier.Text,
                ConstructorDeclarationSyntax c => c.Identifier.Text,
                _ => "operator",
            };
            if (count > MaxMethodLines && !Allowlist.ContainsKey($"{path}#{name}"))
            {
                yield return $"{path}:{span.StartLinePosition.Line + 1}: {name} has {count} lines, more than {MaxMethodLines}";
            }
        }
    }

    private static Dictionary<string, string> LoadAllowlist() =>
        File.ReadAllLines(Path.Combine(Repository.Root, "tests", "StreamFlow.Architecture.Tests", "tidy-allowlist.txt"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(' ', 2))
            .ToDictionary(parts => parts[0], parts => parts.Length > 1 ? parts[1] : "");
}
