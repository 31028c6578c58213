using StreamFlow.Cli.Sql;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Diagnostics;

namespace StreamFlow.Cli.Tests.Sql;

/// <summary>Errors with the line they are about.</summary>
public sealed class SqlErrorTextTests
{
    [Fact]
    public void A_caret_stands_below_the_place()
    {
        var error = new SqlException([new SqlDiagnostic(SqlErrors.UnknownColumn, "No X.", new SourceSpan(2, 8, 16, 1), "did you mean Y?")]);
        Assert.Equal(
            "2:8: SQL0102: No X. (did you mean Y?)\n  \twhere X = 1;\n  \t      ^",
            SqlErrorText.Describe(error, "SELECT *\n\twhere X = 1;").ReplaceLineEndings("\n"));
    }
}
