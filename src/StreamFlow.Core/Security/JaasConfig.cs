using System.Collections.Immutable;
using System.Text;
using StreamFlow.Core.Errors;

namespace StreamFlow.Core.Security;

/// <summary>
/// One entry of Kafka's <c>sasl.jaas.config</c>: <c>LoginModule required key="value" key="value";</c>. Values may be quoted, with
/// backslash before a quote or a backslash.
/// </summary>
public sealed class JaasConfig
{
    private JaasConfig(string loginModule, ImmutableDictionary<string, string> options)
    {
        LoginModule = loginModule;
        Options = options;
    }

    /// <summary>The class that Java would load; here its name only tells the mechanism.</summary>
    public string LoginModule { get; }

    /// <summary>The options; values are secrets.</summary>
    public ImmutableDictionary<string, string> Options { get; }

    /// <summary>Reads the text.</summary>
    /// <param name="setting">The setting it stands in, for messages.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="ConfigurationException">It cannot be read; the message does not repeat it, because it holds passwords.</exception>
    public static JaasConfig Parse(string setting, string text)
    {
        var words = Split(setting, text.Trim());
        if (words.Count < 2)
        {
            throw Invalid(setting);
        }

        var options = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var word in words.Skip(2))
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw Invalid(setting);
            }

            options[word[..equals]] = word[(equals + 1)..];
        }

        return new JaasConfig(words[0], options.ToImmutable());
    }

    /// <summary>Names the module and nothing that is secret.</summary>
    public override string ToString() => $"{LoginModule} with {Options.Count} options";

    private static List<string> Split(string setting, string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var isQuoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (isQuoted && c == '\\' && i + 1 < text.Length)
            {
                word.Append(text[++i]);
            }
            else if (c == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (!isQuoted && (char.IsWhiteSpace(c) || c == ';'))
            {
                Take(word, words);
            }
            else
            {
                word.Append(c);
            }
        }

        if (isQuoted)
        {
            throw Invalid(setting);
        }

        Take(word, words);
        return words;
    }

    private static void Take(StringBuilder word, List<string> words)
    {
        if (word.Length > 0)
        {
            words.Add(word.ToString());
            word.Clear();
        }
    }

    private static ConfigurationException Invalid(string setting) =>
        new($"{setting} cannot be read; write: LoginModule required username=\"...\" password=\"...\";");
}
