using System.Buffers;
using StreamFlow.Streams.Errors;

namespace StreamFlow.Streams.Topologies;

/// <summary>The rule for names of nodes, stores and internal topics: Kafka's rule for topic names.</summary>
internal static class Names
{
    public const int MaxLength = 249;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>Returns a valid name unchanged.</summary>
    /// <exception cref="TopologyException">The name is not valid.</exception>
    public static string Check(string name, string what)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length is 0 or > MaxLength || name is "." or ".." || name.AsSpan().ContainsAnyExcept(Allowed))
        {
            throw new TopologyException(
                $"'{name}' is not a valid {what} name: use 1 to {MaxLength} of the characters A-Z a-z 0-9 . _ -, and not '.' or '..'");
        }

        return name;
    }

    /// <summary>Any text as part of a name: other characters become '-'.</summary>
    public static string Clean(string text) =>
        string.Create(text.Length, text, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = Allowed.Contains(source[i]) ? source[i] : '-';
            }
        });
}
