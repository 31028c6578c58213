using Antlr4.Runtime;
using StreamFlow.Core.Errors;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Parsing.Generated;

namespace StreamFlow.Sql.Parsing;

/// <summary>Turns the parser's complaints into diagnostics, in words of the language.</summary>
internal sealed class SyntaxErrorListener : BaseErrorListener
{
    private const int MostExpected = 6;

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
        var parser = (StreamFlowSqlParser)recognizer;

        // Which words could have followed is known, unless the parser looked several words ahead to choose between rules.
        HashSet<int>? expected = e is NoViableAltException ? null : [.. parser.GetExpectedTokens().ToList()];
        var message = $"Syntax error at {Found(offendingSymbol)}{Expected(expected)}.";
        _diagnostics.Add(new SqlDiagnostic(SqlErrors.Syntax, message, span, Hint(parser, offendingSymbol, expected)));
    }

    private static string Found(IToken token) => token.Type == TokenConstants.EOF ? "the end" : $"'{token.Text}'";

    private static string Expected(HashSet<int>? expected) => expected switch
    {
        null => "",
        { Count: <= MostExpected } => ": expected " + string.Join(" or ", expected.Select(Name)),
        _ when expected.Contains(StreamFlowSqlLexer.IDENTIFIER)
            && expected.Contains(StreamFlowSqlLexer.LPAREN) => ": expected an expression",
        _ when expected.Contains(StreamFlowSqlLexer.IDENTIFIER) => ": expected a name",
        _ => "",
    };

    private static string Name(int token) => token switch
    {
        TokenConstants.EOF => "the end",
        StreamFlowSqlLexer.STRING => "a text in quotes",
        StreamFlowSqlLexer.INTEGER => "a number",
        StreamFlowSqlLexer.IDENTIFIER => "a name",
        _ => SqlWords.Word(token) ?? StreamFlowSqlLexer.DefaultVocabulary.GetDisplayName(token),
    };

    private static string? Hint(StreamFlowSqlParser parser, IToken token, HashSet<int>? expected)
    {
        switch (token.Type)
        {
            case TokenConstants.EOF:
                return "a statement ends with a semicolon";
            case StreamFlowSqlLexer.IDENTIFIER when Misspelt(token, expected) is { } hint:
                return hint;
            case var type when SqlWords.Word(type) is { } word && !SqlWords.IsName(type)
                && expected?.Contains(StreamFlowSqlLexer.IDENTIFIER) != false:
                return $"{word} is a keyword; quote it to use it as a name: `{token.Text}`";
            default:
                // A keyword that is misspelt is read as a name, an alias say, and the error comes one word too late.
                return Misspelt(Previous(parser, token)) ?? Misspelt(token);
        }
    }

    private static string? Misspelt(IToken? token) =>
        token is { Type: StreamFlowSqlLexer.IDENTIFIER, Text.Length: > 3 } ? Misspelt(token, null) : null;

    private static string? Misspelt(IToken token, HashSet<int>? expected) =>
        NearestName.Hint(token.Text, expected is null ? SqlWords.Keywords : expected.Select(SqlWords.Word).OfType<string>());

    private static IToken? Previous(StreamFlowSqlParser parser, IToken token)
    {
        var index = token.TokenIndex - 1;
        while (index >= 0 && parser.TokenStream.Get(index).Channel != TokenConstants.DefaultChannel)
        {
            index--;
        }

        return index < 0 ? null : parser.TokenStream.Get(index);
    }
}
