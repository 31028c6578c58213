using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;

namespace StreamFlow.Broker.Groups.Consumers;

/// <summary>
/// A subscription by expression, in the syntax of RE2 as KIP-848 wants it: matched without backtracking, so that no expression can hold
/// the broker up, and against the whole name of a topic.
/// </summary>
internal sealed partial class TopicExpression
{
    private readonly Regex _regex;

    private TopicExpression(Regex regex) => _regex = regex;

    /// <summary>Reads an expression.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="expression">The expression, if it can be read.</param>
    /// <param name="problem">Else what is wrong with it.</param>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out TopicExpression? expression, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
            expression = new TopicExpression(new Regex($@"\A(?:{Translate(text)})\z", Options));
            problem = null;
            return true;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            expression = null;
            problem = e.Message;
            return false;
        }
    }

    public bool Matches(string topic) => _regex.IsMatch(topic);

    /// <summary>What RE2 writes in another way: names of groups, quoted parts, POSIX classes.</summary>
    private static string Translate(string text)
    {
        var translated = new StringBuilder();
        var rest = text;
        while (rest.IndexOf(@"\Q", StringComparison.Ordinal) is var start and >= 0)
        {
            var end = rest.IndexOf(@"\E", start + 2, StringComparison.Ordinal);
            translated.Append(rest, 0, start).Append(Regex.Escape(end < 0 ? rest[(start + 2)..] : rest[(start + 2)..end]));
            rest = end < 0 ? "" : rest[(end + 2)..];
        }

        return PosixClass().Replace(translated.Append(rest).Replace("(?P<", "(?<").ToString(), m => m.Groups[1].Value switch
        {
            "alnum" => "a-zA-Z0-9",
            "alpha" => "a-zA-Z",
            "digit" => "0-9",
            "lower" => "a-z",
            "upper" => "A-Z",
            "punct" => @"!-/:-@\[-`{-~",
            "space" => @"\s",
            "word" => @"\w",
            "xdigit" => "0-9a-fA-F",
            _ => m.Value,
        });
    }

    [GeneratedRegex(@"\[:([a-z]+):\]")]
    private static partial Regex PosixClass();
}
