namespace StreamFlow.Conformance;

/// <summary>Counts passed and failed cases per group and prints one line per failure.</summary>
internal sealed class Tally(TextWriter output, KnownGaps gaps)
{
    private readonly SortedDictionary<string, Counts> _groups = new(StringComparer.Ordinal);

    /// <summary>Format and name of the cases that pass though they are known gaps.</summary>
    public HashSet<string> Closed { get; } = new(StringComparer.Ordinal);

    public int Failed => _groups.Values.Sum(g => g.Failed);

    public int Passed => _groups.Values.Sum(g => g.Passed);

    /// <summary>Records a case.</summary>
    /// <param name="group">What it is counted under: the format, then a part of it.</param>
    /// <param name="name">Its name in the format.</param>
    /// <param name="failure">What is wrong, on one line; null when it passed.</param>
    public void Add(string group, string name, string? failure)
    {
        var format = group.Split(' ')[0];
        var counts = _groups.GetValueOrDefault(group);
        var gap = gaps.Find(format, name);
        if (gap is not null && failure is not null)
        {
            _groups[group] = counts with { Gaps = counts.Gaps + 1 };
            return;
        }

        if (gap is not null)
        {
            Closed.Add($"{format} {name}");
            failure = $"passes now; take it out of the known gaps, --trim-gaps does it ({gap})";
        }

        _groups[group] = failure is null ? counts with { Passed = counts.Passed + 1 } : counts with { Failed = counts.Failed + 1 };
        if (failure is not null)
        {
            output.WriteLine($"FAIL {format} {name} {failure}");
        }
    }

    /// <summary>Records a case that was not run.</summary>
    /// <param name="group">What it is counted under.</param>
    /// <param name="reason">Why; said once per group.</param>
    public void Skip(string group, string reason)
    {
        var counts = _groups.GetValueOrDefault(group);
        if (counts.Skipped == 0)
        {
            output.WriteLine($"SKIP {group}: {reason}");
        }

        _groups[group] = counts with { Skipped = counts.Skipped + 1 };
    }

    public void Summarize()
    {
        foreach (var (group, counts) in _groups)
        {
            var gapText = counts.Gaps > 0 ? $", {counts.Gaps} known gaps" : string.Empty;
            var skipText = counts.Skipped > 0 ? $", {counts.Skipped} not run" : string.Empty;
            output.WriteLine($"{group}: {counts.Passed} of {counts.Total} passed{gapText}{skipText}");
        }

        var skipped = _groups.Values.Sum(g => g.Gaps + g.Skipped);
        output.WriteLine($"{Passed} passed, {Failed} failed{(skipped > 0 ? $", {skipped} skipped" : string.Empty)}");
    }

    private readonly record struct Counts(int Passed, int Failed, int Gaps, int Skipped)
    {
        public int Total => Passed + Failed + Gaps + Skipped;
    }
}
