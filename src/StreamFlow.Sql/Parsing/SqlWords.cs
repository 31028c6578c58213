using Antlr4.Runtime;
using StreamFlow.Sql.Parsing.Generated;

namespace StreamFlow.Sql.Parsing;

/// <summary>The words of the language, for completion.</summary>
public static class SqlWords
{
    // Keywords that are names as well.
    private static readonly HashSet<int> Names =
    [
        .. StreamFlowSqlParser._ATN.NextTokens(StreamFlowSqlParser._ATN.ruleToStartState[StreamFlowSqlParser.RULE_nonReserved]).ToList(),
    ];

    /// <summary>All keywords in upper case, sorted.</summary>
    public static IReadOnlyList<string> Keywords { get; } =
    [
        .. Enumerable.Range(1, ((Vocabulary)StreamFlowSqlLexer.DefaultVocabulary).getMaxTokenType())
            .Select(Word)
            .OfType<string>()
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The keyword that a token of this type is, or null when it is none.</summary>
    internal static string? Word(int type) =>
        StreamFlowSqlLexer.DefaultVocabulary.GetLiteralName(type)?.Trim('\'') is { Length: > 1 } word && word.All(char.IsAsciiLetterUpper)
            ? word
            : null;

    /// <summary>Whether a keyword is a name as well.</summary>
    internal static bool IsName(int type) => Names.Contains(type);
}
