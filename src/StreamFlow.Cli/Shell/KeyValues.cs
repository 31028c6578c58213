namespace StreamFlow.Cli.Shell;

/// <summary>Repeatable <c>KEY=VALUE</c> options.</summary>
internal static class KeyValues
{
    /// <summary>The pairs; a key given twice takes the last value.</summary>
    /// <exception cref="UsageException">One of them is not KEY=VALUE.</exception>
    public static IReadOnlyDictionary<string, string> Parse(string option, IEnumerable<string>? pairs)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in pairs ?? [])
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0)
            {
                throw new UsageException($"{option} {pair}: expected KEY=VALUE");
            }

            result[pair[..at].Trim()] = pair[(at + 1)..].Trim();
        }

        return result;
    }
}
