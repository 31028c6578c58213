using System.Text.RegularExpressions;

namespace StreamFlow.Sql.Testing.Scripts;

/// <summary>One test of a <c>.sql</c> file: statements and assertions between two <c>--@test:</c> lines.</summary>
/// <param name="Name">What stands behind <c>--@test:</c>.</param>
/// <param name="Text">The statements, with empty lines before them so that positions are those of the file.</param>
/// <param name="ExpectsError">Whether a statement must fail (<c>--@expected.error</c> or <c>--@expected.message</c>).</param>
/// <param name="ExpectedMessage">A part of its message, or null.</param>
internal sealed partial record SqlScript(string Name, string Text, bool ExpectsError, string? ExpectedMessage)
{
    /// <summary>The tests of a file; a file without <c>--@test:</c> is one test, when it may be.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="nameOfAll">The name of a test that is the whole file; null: a file without tests has none.</param>
    public static List<SqlScript> Read(string text, string? nameOfAll)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var starts = Enumerable.Range(0, lines.Length).Where(i => Directive().Match(lines[i]) is { Success: true } m
            && m.Groups["name"].Value == "test").ToList();
        if (starts.Count == 0)
        {
            return nameOfAll is null ? [] : [Read(nameOfAll, lines, 0, lines.Length)];
        }

        return [.. starts.Select((start, i) => Read(
            Directive().Match(lines[start]).Groups["value"].Value, lines, start, i + 1 < starts.Count ? starts[i + 1] : lines.Length))];
    }

    private static SqlScript Read(string name, string[] lines, int start, int end)
    {
        var directives = lines[start..end].Select(l => Directive().Match(l)).Where(m => m.Success).ToList();
        var message = directives.Find(d => d.Groups["name"].Value == "expected.message")?.Groups["value"].Value;
        var error = message is not null || directives.Exists(d => d.Groups["name"].Value == "expected.error");
        return new SqlScript(name, new string('\n', start) + string.Join('\n', lines[start..end]), error, message);
    }

    [GeneratedRegex(@"^\s*--@(?<name>[a-z.]+):\s*(?<value>.*?)\s*$")]
    private static partial Regex Directive();
}
