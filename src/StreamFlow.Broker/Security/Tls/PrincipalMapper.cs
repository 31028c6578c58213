using System.Collections.Immutable;
using System.Text.RegularExpressions;
using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Security.Tls;

/// <summary>
/// Makes the user name of a certificate's subject (KIP-371). Rules are tried in their order; <c>RULE:pattern/replacement/[LU]</c> fits
/// when its pattern matches the whole subject, <c>DEFAULT</c> always and takes the subject as it is.
/// </summary>
internal sealed partial class PrincipalMapper
{
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);

    private readonly ImmutableArray<Rule> _rules;

    private PrincipalMapper(ImmutableArray<Rule> rules) => _rules = rules;

    /// <summary>Reads <c>ssl.principal.mapping.rules</c>.</summary>
    /// <exception cref="ConfigurationException">The rules cannot be read.</exception>
    public static PrincipalMapper Parse(string text)
    {
        var rules = ImmutableArray.CreateBuilder<Rule>();
        var position = 0;
        while (position < text.Length)
        {
            var match = RulePattern().Match(text, position);
            if (!match.Success || match.Index != position)
            {
                throw new ConfigurationException(
                    $"ssl.principal.mapping.rules: '{text[position..]}' is no rule; write DEFAULT or RULE:pattern/replacement/[LU]");
            }

            rules.Add(match.Groups["pattern"].Success ? RuleOf(match) : Rule.Default);
            position += match.Length;
        }

        return new PrincipalMapper(rules.Count > 0 ? rules.ToImmutable() : [Rule.Default]);
    }

    /// <summary>The user name of a subject, which is the subject itself when no rule fits.</summary>
    /// <param name="subject">In the form of RFC 2253, such as <c>CN=alice,O=Example</c>.</param>
    public string Map(string subject)
    {
        foreach (var rule in _rules)
        {
            if (rule.Apply(subject) is { } name)
            {
                return name;
            }
        }

        return subject;
    }

    private static Rule RuleOf(Match match)
    {
        try
        {
            var pattern = new Regex($@"\A(?:{match.Groups["pattern"].Value})\z", RegexOptions.None, MatchTimeout);
            return new Rule(pattern, match.Groups["replacement"].Value, match.Groups["case"].Value);
        }
        catch (RegexParseException e)
        {
            throw new ConfigurationException($"ssl.principal.mapping.rules: {e.Message}");
        }
    }

    // A slash within a pattern is escaped.
    [GeneratedRegex(@"\s*(?:DEFAULT|RULE:(?<pattern>(?:\\.|[^\\/])*)/(?<replacement>(?:\\.|[^\\/])*)/(?<case>[LU]?))\s*(?:,|\z)")]
    private static partial Regex RulePattern();

    private sealed record Rule(Regex? Pattern, string Replacement, string Case)
    {
        public static Rule Default { get; } = new(null, "", "");

#pragma warning disable CA1308 // the rule asks for lower case
        public string? Apply(string subject)
        {
            if (Pattern is null)
            {
                return subject;
            }

            var match = Pattern.Match(subject);
            if (!match.Success)
            {
                return null;
            }

            var name = match.Result(Replacement);
            return Case switch
            {
                "L" => name.ToLowerInvariant(),
                "U" => name.ToUpperInvariant(),
                _ => name,
            };
        }
#pragma warning restore CA1308
    }
}
