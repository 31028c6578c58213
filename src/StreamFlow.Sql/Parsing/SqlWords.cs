using Antlr4.Runtime;
using StreamFlow.Sql.Parsing.Generated;

namespace StreamFlow.Sql.Parsing;

/// <summary>The words of the language, for completion.</summary>
public static class SqlWords
{
    /// <summary>All keywords in upper case, sorted.</summary>
    public static IReadOnlyList<string> Keywords { get; } =
    [
        .. Enumerable.Range(1, ((Vocabulary)StreamFlowSqlLexer.DefaultVocabulary).getMaxTokenType())
            .Select(type => StreamFlowSqlLexer.DefaultVocabulary.GetLiteralName(type)?.Trim('\''))
            .Where(word => word is { Length: > 1 } && word.All(char.IsAsciiLetterUpper))
            .Select(word => word!)
            .Order(StringComparer.Ordinal),
    ];
}
