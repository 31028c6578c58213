using StreamFlow.Sql.Parsing;

namespace StreamFlow.Sql.Tests.Parsing;

public class SqlPrinterTests
{
    [Fact]
    public void Printing_a_statement_and_parsing_it_again_gives_the_same_statement()
    {
        if (ConformanceStatements.Folder is null)
        {
            return;
        }

        var failures = new List<string>();
        foreach (var (id, text) in ConformanceStatements.All())
        {
            try
            {
                var first = SqlParser.ParseStatement(text).Statement;
                var printed = first.ToString();
                var second = SqlParser.ParseStatement(printed).Statement;
                if (!first.Equals(second))
                {
                    failures.Add($"{id}\n  {text}\n  {printed}\n  {second}");
                }
            }
            catch (Exception e)
            {
                failures.Add($"{id}\n  {text}\n  {e.Message}");
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count} statements\n" + string.Join("\n", failures.Take(20)));
    }
}
