using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Parsing;

namespace StreamFlow.Sql.Tests.Parsing;

/// <summary>What people read who mistype a statement.</summary>
public sealed class SyntaxErrorTests
{
    [Theory]
    [InlineData("SELEC 1;", "1:1: SQL0001: Syntax error at 'SELEC'. (did you mean SELECT?)")]
    [InlineData("slect * FROM t;", "1:1: SQL0001: Syntax error at 'slect'. (did you mean SELECT?)")]
    [InlineData("CREATE STREM s (a INT);", "1:8: SQL0001: Syntax error at 'STREM'. (did you mean STREAM?)")]
    [InlineData("SELECT a FORM t;", "1:15: SQL0001: Syntax error at 't': expected FROM or ','. (did you mean FROM?)")]
    [InlineData("SELECT * FORM t;", "1:10: SQL0001: Syntax error at 'FORM': expected FROM or ','. (did you mean FROM?)")]
    [InlineData("SELECT * FROM t WHER a = 1;", "1:22: SQL0001: Syntax error at 'a': expected ';'. (did you mean WHERE?)")]
    [InlineData("SELECT * FROM t EMIT CHANGE;", "1:22: SQL0001: Syntax error at 'CHANGE': expected ';'. (did you mean CHANGES?)")]
    public void A_misspelt_keyword_is_told_the_nearest_one_that_fits(string text, string expected) => Assert.Equal(expected, Error(text));

    [Theory]
    [InlineData("SELECT at FROM t;", "1:8: SQL0001: Syntax error at 'at': expected an expression. (AT is a keyword; quote it to use it as a name: `at`)")]
    [InlineData("DROP STREAM size;", "1:13: SQL0001: Syntax error at 'size': expected a name. (SIZE is a keyword; quote it to use it as a name: `size`)")]
    public void A_keyword_in_the_place_of_a_name_is_told_to_be_quoted(string text, string expected) => Assert.Equal(expected, Error(text));

    [Theory]
    [InlineData("SHOW TABLES\nCREATE TYPE t AS INT;", "2:1: SQL0001: Syntax error at 'CREATE': expected ';'.")]
    [InlineData("SELECT * FROM t", "1:16: SQL0001: Syntax error at the end: expected ';'. (a statement ends with a semicolon)")]
    public void A_missing_semicolon_is_told_as_such(string text, string expected) => Assert.Equal(expected, Error(text));

    private static string Error(string text) =>
        Assert.Throws<SqlException>(() => SqlParser.ParseScript(text)).Diagnostics[0].ToString();
}
