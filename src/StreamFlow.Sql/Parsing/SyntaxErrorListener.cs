using Antlr4.Runtime;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Parsing.Generated;

namespace StreamFlow.Sql.Parsing;

/// <summary>Turns the parser's complaints into diagnostics.</summary>
internal sealed class SyntaxErrorListener : BaseErrorListener
{
    private readonly List<SqlDiagnostic> _diagnostics = [];

    public IReadOnlyList<SqlDiagnostic> Diagnostics => _diagnostics;

    public override void SyntaxError(
        TextWriter output,
        IRecognizer recognizer,
        IToken offendingSymbol,
        int line,
        int charPositionInLine,
        string msg,
        RecognitionException e)
    {
        var span = new SourceSpan(line, charPositionInLine + 1, offendingSymbol.StartIndex, Math.Max(1, offendingSymbol.Text.Length));
        _diagnostics.Add(new SqlDiagnostic(SqlErrors.Syntax, $"Syntax error: {msg}.", span, Hint(offendingSymbol)));
    }

    private static string? Hint(IToken token)
    {
        if (token.Type == TokenConstants.EOF)
        {
            return "a statement ends with a semicolon";
        }

        var isWord = token.Text.Length > 1 && token.Text.All(c => char.IsAsciiLetter(c));
        return token.Type != StreamFlowSqlLexer.IDENTIFIER && isWord
            ? $"{token.Text.ToUpperInvariant()} is a keyword; quote it to use it as a name: `{token.Text}`"
            : null;
    }
}
