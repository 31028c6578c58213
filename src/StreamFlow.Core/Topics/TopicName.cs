using StreamFlow.Core.Errors;

namespace StreamFlow.Core.Topics;

/// <summary>Kafka's rules for topic names: 1 to 249 of <c>[a-zA-Z0-9._-]</c>, and neither <c>.</c> nor <c>..</c>.</summary>
public static class TopicName
{
    /// <summary>The longest name allowed, in characters. Part of the on-disk format: a directory is named after the topic.</summary>
    public const int MaxLength = 249;

    /// <summary>Null when the name is allowed, else the reason why it is not.</summary>
    public static string? WhyInvalid(string name)
    {
        if (name.Length == 0)
        {
            return "a topic name may not be empty";
        }

        if (name is "." or "..")
        {
            return $"a topic may not be named '{name}'";
        }

        if (name.Length > MaxLength)
        {
            return $"a topic name may have {MaxLength} characters at most, this one has {name.Length}";
        }

        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-'))
            {
                return $"a topic name may hold letters, digits, '.', '_' and '-' only, '{name}' has '{c}'";
            }
        }

        return null;
    }

    /// <summary>Throws when the name is not allowed.</summary>
    /// <exception cref="ConfigurationException">The name breaks a rule.</exception>
    public static void Check(string name)
    {
        if (WhyInvalid(name) is { } reason)
        {
            throw new ConfigurationException(reason);
        }
    }
}
