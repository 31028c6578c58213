namespace StreamFlow.Core.Errors;

/// <summary>Finds what a misspelt name may have meant, for messages that say so. Case does not count.</summary>
public static class NearestName
{
    /// <summary>A hint naming the candidate nearest to the name, or null when none is near.</summary>
    public static string? Hint(string name, IEnumerable<string> candidates) =>
        Find(name, candidates) is { } best ? $"did you mean {best}?" : null;

    /// <summary>The candidate with the fewest mistakes, at most one in three letters; null when none is that near.</summary>
    public static string? Find(string name, IEnumerable<string> candidates)
    {
        var typed = name.ToUpperInvariant();
        var (best, bestDistance, bestShared) = ((string?)null, Math.Max(1, name.Length / 3), -1);
        foreach (var candidate in candidates)
        {
            var upper = candidate.ToUpperInvariant();
            var distance = Distance(typed, upper);

            // Of several at the same distance, the one with most in common at both ends: WHER is WHERE rather than WHEN.
            var shared = typed.AsSpan().CommonPrefixLength(upper) + CommonEnd(typed, upper);
            if (distance < bestDistance || (distance == bestDistance && shared > bestShared))
            {
                (best, bestDistance, bestShared) = (candidate, distance, shared);
            }
        }

        return best;
    }

    private static int CommonEnd(string left, string right)
    {
        var length = 0;
        while (length < Math.Min(left.Length, right.Length) && left[^(length + 1)] == right[^(length + 1)])
        {
            length++;
        }

        return length;
    }

    // Levenshtein's distance, where two letters that changed places count once. Three rows of the table at a time.
    private static int Distance(string left, string right)
    {
        var (before, above, row) = (new int[right.Length + 1], new int[right.Length + 1], new int[right.Length + 1]);
        for (var j = 0; j <= right.Length; j++)
        {
            above[j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var substitution = above[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                row[j] = Math.Min(substitution, Math.Min(row[j - 1], above[j]) + 1);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }
            }

            (before, above, row) = (above, row, before);
        }

        return above[^1];
    }
}
