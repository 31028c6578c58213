using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Functions;

/// <summary>
/// Java's regular expressions on .NET's engine: where both read the same text differently the pattern is rewritten. Every match has a
/// time limit, so that a hostile pattern costs one error and not a thread.
/// </summary>
internal static class JavaRegex
{
    // Patterns usually are literals of the statement; a column as pattern must not grow the cache without bound.
    private const int CacheLimit = 256;
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);
    private static readonly ConcurrentDictionary<string, Regex> Cache = new(StringComparer.Ordinal);

    public static Regex Of(string pattern)
    {
        if (Cache.TryGetValue(pattern, out var known))
        {
            return known;
        }

        try
        {
            var regex = new Regex(Translate(pattern), RegexOptions.CultureInvariant, MatchTimeout);
            if (Cache.Count >= CacheLimit)
            {
                Cache.Clear();
            }

            Cache[pattern] = regex;
            return regex;
        }
        catch (ArgumentException e)
        {
            throw new SqlEvaluationException($"'{pattern}' is no regular expression: {e.Message}", e);
        }
    }

    private static string Translate(string pattern)
    {
        var text = new StringBuilder(pattern.Length + 8);
        var inClass = 0;
        var quantified = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
            {
                i = Escape(pattern, i + 1, inClass > 0, text);
                quantified = false;
                continue;
            }

            inClass += c == '[' ? 1 : c == ']' && inClass > 0 ? -1 : 0;
            if (inClass == 0 && c == '+' && quantified)
            {
                // Possessive quantifiers only save backtracking; greedy ones find the same or more.
                quantified = false;
                continue;
            }

            quantified = inClass == 0 && c is '*' or '+' or '?' or '}';
            text.Append(c);
        }

        return text.ToString();
    }

    private static int Escape(string pattern, int at, bool inClass, StringBuilder text)
    {
        switch (pattern[at])
        {
            case 'Q':
                var end = pattern.IndexOf("\\E", at + 1, StringComparison.Ordinal);
                var literal = pattern[(at + 1)..(end < 0 ? pattern.Length : end)];
                text.Append(Regex.Escape(literal));
                return end < 0 ? pattern.Length : end + 1;
            case 'd':
                text.Append(inClass ? "0-9" : "[0-9]");
                return at;
            case 'w':
                text.Append(inClass ? "a-zA-Z_0-9" : "[a-zA-Z_0-9]");
                return at;
            case 'h':
                text.Append(inClass ? @" \t\xA0" : @"[ \t\xA0]");
                return at;
            case 'R':
                text.Append(@"(?:\r\n|[\n\x0B\f\r\x85\u2028\u2029])");
                return at;
            case 'p' or 'P':
                return Property(pattern, at, inClass, text);
            default:
                text.Append('\\').Append(pattern[at]);
                return at;
        }
    }

    private static int Property(string pattern, int at, bool inClass, StringBuilder text)
    {
        var close = pattern.IndexOf('}', at);
        var name = at + 1 < pattern.Length && pattern[at + 1] == '{' && close > 0 ? pattern[(at + 2)..close] : string.Empty;
        var range = name switch
        {
            "Lower" => "a-z",
            "Upper" => "A-Z",
            "Alpha" => "a-zA-Z",
            "Digit" => "0-9",
            "Alnum" => "a-zA-Z0-9",
            "Punct" => @"!-/:-@\[-`{-~",
            "Space" => @"\s",
            "Blank" => @" \t",
            "XDigit" => "0-9a-fA-F",
            "ASCII" => @"\x00-\x7F",
            _ => null,
        };
        if (range is null)
        {
            text.Append('\\').Append(pattern[at]);
            return at;
        }

        text.Append(inClass ? range : $"[{(pattern[at] == 'P' ? "^" : string.Empty)}{range}]");
        return close;
    }
}
