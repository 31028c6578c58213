namespace StreamFlow.Sql.CodeGeneration.Runtime;

/// <summary>A pattern of LIKE: <c>%</c> is any run of characters, <c>_</c> one character, the rest stands for itself.</summary>
public sealed class LikePattern
{
    private const char AnyRun = '\uFFFF';
    private const char AnyOne = '\uFFFE';
    private readonly char[] _pattern;

    /// <summary>Reads a pattern.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="escape">The character that takes the meaning from the next one, or null.</param>
    public LikePattern(string pattern, char? escape)
    {
        var items = new List<char>(pattern.Length);
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            items.Add(c == escape && i + 1 < pattern.Length ? pattern[++i] : c == '%' ? AnyRun : c == '_' ? AnyOne : c);
        }

        _pattern = [.. items];
    }

    /// <summary>Whether the pattern matches the whole text; a null text never matches. Wildcards do not match line ends.</summary>
    public bool Matches(string? text)
    {
        if (text is null)
        {
            return false;
        }

        // Greedy with one point to come back to: the last run and where it began to match.
        var (t, p, run, mark) = (0, 0, -1, 0);
        while (t < text.Length)
        {
            if (p < _pattern.Length && (_pattern[p] == text[t] || (_pattern[p] == AnyOne && text[t] != '\n')))
            {
                (t, p) = (t + 1, p + 1);
            }
            else if (p < _pattern.Length && _pattern[p] == AnyRun)
            {
                (run, mark, p) = (p, t, p + 1);
            }
            else if (run >= 0 && text[mark] != '\n')
            {
                (p, mark) = (run + 1, mark + 1);
                t = mark;
            }
            else
            {
                return false;
            }
        }

        while (p < _pattern.Length && _pattern[p] == AnyRun)
        {
            p++;
        }

        return p == _pattern.Length;
    }

    /// <summary>Matches a pattern that is known only now; false when either side is null.</summary>
    public static bool Matches(string? text, string? pattern, char? escape) =>
        text is not null && pattern is not null && new LikePattern(pattern, escape).Matches(text);
}
