namespace StreamFlow.Conformance;

/// <summary>
/// Recorded cases that are known not to pass yet, each with its reason, in <c>known-gaps*.txt</c>. They count as skipped; one that
/// passes after all fails the run, so that the lists only shrink; <c>--trim-gaps</c> takes such lines out.
/// </summary>
internal sealed class KnownGaps
{
    private readonly Dictionary<string, string> _reasons;

    private KnownGaps(Dictionary<string, string> reasons) => _reasons = reasons;

    public static KnownGaps None { get; } = new([]);

    /// <summary>
    /// Reads the lists: a line a case, then a tab and the reason. A case is written <c>group case</c>, as the tally names them.
    /// </summary>
    public static KnownGaps Load(string root)
    {
        var lines = Files(root).SelectMany(File.ReadAllLines).Where(line => line.Length > 0 && line[0] != '#');
        return new(lines.Select(line => line.Split('\t', 2)).ToDictionary(
            parts => parts[0], parts => parts.Length > 1 ? parts[1] : "not built yet", StringComparer.Ordinal));
    }

    /// <summary>Takes cases out of the lists.</summary>
    /// <param name="root">The repository.</param>
    /// <param name="cases">Format and name of each.</param>
    public static void Trim(string root, IReadOnlySet<string> cases)
    {
        foreach (var file in Files(root))
        {
            var lines = File.ReadAllLines(file);
            var kept = lines.Where(line => !cases.Contains(line.Split('\t')[0])).ToList();
            if (kept.Count < lines.Length)
            {
                File.WriteAllLines(file, kept);
            }
        }
    }

    /// <summary>The reason why a case may fail; null when it may not.</summary>
    /// <param name="format">The format's name.</param>
    /// <param name="name">The case's.</param>
    public string? Find(string format, string name) => _reasons.GetValueOrDefault($"{format} {name}");

    private static IEnumerable<string> Files(string root) =>
        Directory.EnumerateFiles(Path.Combine(root, "tests", "StreamFlow.Conformance"), "known-gaps*.txt");
}
