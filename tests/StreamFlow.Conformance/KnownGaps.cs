namespace StreamFlow.Conformance;

/// <summary>
/// Recorded cases that are known not to pass yet, each with its reason, in <c>known-gaps.txt</c>. They count as skipped; one that
/// passes after all fails the run, so that the list only shrinks.
/// </summary>
internal sealed class KnownGaps
{
    private readonly Dictionary<string, string> _reasons;

    private KnownGaps(Dictionary<string, string> reasons) => _reasons = reasons;

    public static KnownGaps None { get; } = new([]);

    public static KnownGaps Load(string root)
    {
        var file = Path.Combine(root, "tests", "StreamFlow.Conformance", "known-gaps.txt");
        return new(File.ReadAllLines(file).Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(' ', 2))
            .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal));
    }

    /// <summary>The reason why a case may fail; null when it may not.</summary>
    public string? Find(string name) => _reasons.GetValueOrDefault(name);
}
