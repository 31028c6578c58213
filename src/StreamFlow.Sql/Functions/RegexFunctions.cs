using System.Text;
using System.Text.RegularExpressions;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Functions;

/// <summary>Regular-expression functions (section 17.4 of the language reference); patterns are written as for Java.</summary>
public static class RegexFunctions
{
    private const string Category = "REGULAR EXPRESSION";

    /// <summary>The first match; null when there is none.</summary>
    [SqlFunction("REGEXP_EXTRACT", Category = Category, Description = "The first match, or one of its groups.")]
    public static string? RegexpExtract(string pattern, string input) => RegexpExtract(pattern, input, 0);

    /// <summary>A group of the first match; null when there is no match or no such group.</summary>
    [SqlFunction("REGEXP_EXTRACT", Category = Category)]
    public static string? RegexpExtract(string pattern, string input, int group)
    {
        var match = JavaRegex.Of(pattern).Match(input);
        return match.Success && group >= 0 && group < match.Groups.Count && match.Groups[group].Success ? match.Groups[group].Value : null;
    }

    /// <summary>All matches.</summary>
    [SqlFunction("REGEXP_EXTRACT_ALL", Category = Category, Description = "All matches, or one group of each.")]
    public static SqlArray<string?>? RegexpExtractAll(string pattern, string input) => RegexpExtractAll(pattern, input, 0);

    /// <summary>A group of all matches; null when there is no such group.</summary>
    [SqlFunction("REGEXP_EXTRACT_ALL", Category = Category)]
    public static SqlArray<string?>? RegexpExtractAll(string pattern, string input, int group)
    {
        var regex = JavaRegex.Of(pattern);
        if (group < 0 || group >= regex.GetGroupNumbers().Length)
        {
            return null;
        }

        var found = new List<string?>();
        for (var match = regex.Match(input); match.Success; match = match.NextMatch())
        {
            found.Add(match.Groups[group].Success ? match.Groups[group].Value : null);
        }

        return new SqlArray<string?>([.. found]);
    }

    /// <summary>All matches replaced; <c>$1</c> in the replacement is a group, <c>\</c> escapes.</summary>
    [SqlFunction("REGEXP_REPLACE", Category = Category, Description = "Replaces all matches.")]
    public static string RegexpReplace(string input, string pattern, string replacement) =>
        JavaRegex.Of(pattern).Replace(input, match => Expand(replacement, match));

    /// <summary>Pieces between matches; an empty pattern splits into characters.</summary>
    [SqlFunction("REGEXP_SPLIT_TO_ARRAY", Category = Category, Description = "Splits at matches.")]
    public static SqlArray<string?> RegexpSplitToArray(string input, string pattern)
    {
        if (pattern.Length == 0)
        {
            return StringFunctions.Split(input, string.Empty);
        }

        var pieces = new List<string?>();
        var start = 0;
        for (var match = JavaRegex.Of(pattern).Match(input); match.Success; match = match.NextMatch())
        {
            if (match.Length > 0 || (match.Index > 0 && match.Index < input.Length))
            {
                pieces.Add(input[start..match.Index]);
                start = match.Index + match.Length;
            }
        }

        pieces.Add(input[start..]);
        return new SqlArray<string?>([.. pieces]);
    }

    private static string Expand(string replacement, Match match)
    {
        var text = new StringBuilder();
        for (var i = 0; i < replacement.Length; i++)
        {
            var c = replacement[i];
            if (c == '\\' && i + 1 < replacement.Length)
            {
                text.Append(replacement[++i]);
            }
            else if (c != '$')
            {
                text.Append(c);
            }
            else
            {
                i += AppendGroup(text, replacement.AsSpan(i + 1), match);
            }
        }

        return text.ToString();
    }

    // $12 is group 12 when there is one, else group 1 followed by "2"; ${name} is a named group.
    private static int AppendGroup(StringBuilder text, ReadOnlySpan<char> rest, Match match)
    {
        if (rest.Length > 0 && rest[0] == '{' && rest.IndexOf('}') is var close and > 0)
        {
            text.Append(match.Groups[rest[1..close].ToString()].Value);
            return close + 1;
        }

        if (rest.IsEmpty || !char.IsAsciiDigit(rest[0]))
        {
            throw new SqlEvaluationException("A $ in a replacement is followed by a group number.");
        }

        var group = rest[0] - '0';
        var length = 1;
        while (length < rest.Length && char.IsAsciiDigit(rest[length]) && (group * 10) + rest[length] - '0' < match.Groups.Count)
        {
            group = (group * 10) + rest[length++] - '0';
        }

        text.Append(group < match.Groups.Count
            ? match.Groups[group].Value
            : throw new SqlEvaluationException($"The pattern has no group {group}."));
        return length;
    }
}
