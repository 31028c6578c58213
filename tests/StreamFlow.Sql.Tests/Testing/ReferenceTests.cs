using System.Text.RegularExpressions;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Testing;

namespace StreamFlow.Sql.Tests.Testing;

/// <summary>The examples of the language reference do what they say.</summary>
public sealed partial class ReferenceTests
{
    [Fact]
    public async Task Every_example_of_the_reference_passes()
    {
        var examples = Example().Matches(await File.ReadAllTextAsync(Find("query-language/reference.md")));
        Assert.NotEmpty(examples);
        var file = Path.Combine(Path.GetTempPath(), $"streamflow-{Guid.NewGuid():N}.sql");
        await File.WriteAllTextAsync(file, string.Concat(examples.Select((m, i) => $"--@test: example {i + 1}\n{m.Groups[1].Value}\n")));
        try
        {
            var results = await SqlTestRun.ResultsAsync(new SqlTestOptions([file]), CancellationToken.None);
            Assert.Equal(examples.Count, results.Count);
            Assert.All(results, r => Assert.Equal("", r.Reason));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Tests_among_the_examples_pass()
    {
        var options = new SqlTestOptions([Find("examples/sql/late-payments.test.sql")]);
        var results = await SqlTestRun.ResultsAsync(options, CancellationToken.None);
        Assert.NotEmpty(results);
        Assert.All(results, r => Assert.Equal("", r.Reason));
    }

    [Fact]
    public async Task Every_error_code_is_explained()
    {
        var page = await File.ReadAllTextAsync(Find("docs/errors/sql.md"));
        var codes = typeof(SqlErrors).GetFields().Select(f => (string)f.GetRawConstantValue()!).ToList();
        Assert.NotEmpty(codes);
        Assert.All(codes, code => Assert.Contains(code, page, StringComparison.Ordinal));
    }

    private static string Find(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, path)))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? throw new FileNotFoundException(path), path);
    }

    [GeneratedRegex("```sql test\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
