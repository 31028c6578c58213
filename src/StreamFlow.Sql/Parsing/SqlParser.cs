using Antlr4.Runtime;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Parsing.Generated;

namespace StreamFlow.Sql.Parsing;

/// <summary>A statement and the text it was parsed from, without the semicolon.</summary>
internal sealed record ParsedStatement(Statement Statement, string Text);

/// <summary>Text to syntax tree. ANTLR's types are known in this room only.</summary>
internal static class SqlParser
{
    /// <summary>Parses a script: any number of statements, each closed by a semicolon.</summary>
    /// <exception cref="SqlException">The text is no script; every syntax error found is in it.</exception>
    public static IReadOnlyList<ParsedStatement> ParseScript(string text)
    {
        var (parser, errors) = CreateParser(text);
        var script = parser.script();
        if (errors.Diagnostics.Count > 0)
        {
            throw new SqlException(errors.Diagnostics);
        }

        var builder = new AstBuilder();
        var statements = new List<ParsedStatement>();
        foreach (var statement in script.statement())
        {
            var start = statement.Start.StartIndex;
            statements.Add(new ParsedStatement(builder.Build(statement), text[start..(statement.Stop.StopIndex + 1)]));
        }

        return statements;
    }

    /// <summary>Parses exactly one statement.</summary>
    /// <param name="text">The statement.</param>
    /// <param name="place">Where it stands in a larger text, so that errors name that place; null for a text of its own.</param>
    /// <exception cref="SqlException">The text is not one statement.</exception>
    public static ParsedStatement ParseStatement(string text, SourceSpan? place = null)
    {
        var indent = place is { } at ? new string('\n', Math.Max(0, at.Line - 1)) + new string(' ', Math.Max(0, at.Column - 1)) : "";
        var statements = ParseScript(indent + text);
        return statements is [var statement]
            ? statement
            : throw new SqlException(SqlErrors.Syntax, SourceSpan.None, $"One statement is expected, but the text has {statements.Count}.");
    }

    /// <summary>Parses an expression that stands alone.</summary>
    /// <exception cref="SqlException">The text is not an expression.</exception>
    public static Expression ParseExpression(string text)
    {
        var (parser, errors) = CreateParser(text);
        var expression = parser.expression();
        return errors.Diagnostics.Count == 0
            ? new AstBuilder().Build(expression)
            : throw new SqlException(errors.Diagnostics);
    }

    private static (StreamFlowSqlParser Parser, SyntaxErrorListener Errors) CreateParser(string text)
    {
        var errors = new SyntaxErrorListener();
        var lexer = new StreamFlowSqlLexer(new AntlrInputStream(text));
        lexer.RemoveErrorListeners();
        var parser = new StreamFlowSqlParser(new CommonTokenStream(lexer));
        parser.RemoveErrorListeners();
        parser.AddErrorListener(errors);
        return (parser, errors);
    }
}
