namespace StreamFlow.Conformance;

/// <summary>Counts passed and failed cases per folder and prints one line per failure.</summary>
internal sealed class Tally(TextWriter output, KnownGaps gaps)
{
    private readonly SortedDictionary<string, (int Passed, int Failed, int Skipped)> _folders = new(StringComparer.Ordinal);

    public int Failed => _folders.Values.Sum(f => f.Failed);

    /// <summary>Records a case.</summary>
    /// <param name="name">Its name: subject/name.</param>
    /// <param name="failure">What is wrong, on one line; null when it passed.</param>
    public void Add(string name, string? failure)
    {
        var folder = name.Split('/')[0];
        var gap = gaps.Find(name);
        if (gap is not null && failure is not null)
        {
            Skip(folder, $"{name}: known gap: {gap}");
            return;
        }

        failure ??= gap is null ? null : $"passes now; take it out of known-gaps.txt ({gap})";
        var count = _folders.GetValueOrDefault(folder);
        _folders[folder] = failure is null ? count with { Passed = count.Passed + 1 } : count with { Failed = count.Failed + 1 };
        if (failure is not null)
        {
            output.WriteLine($"FAIL {name} {failure}");
        }
    }

    /// <summary>Records a case that was not run.</summary>
    public void Skip(string folder, string reason)
    {
        var count = _folders.GetValueOrDefault(folder);
        _folders[folder] = count with { Skipped = count.Skipped + 1 };
        output.WriteLine($"SKIP {reason}");
    }

    public void Summarize()
    {
        foreach (var (folder, count) in _folders)
        {
            output.WriteLine($"{folder}: {count.Passed} of {count.Passed + count.Failed + count.Skipped} passed");
        }

        var skipped = _folders.Values.Sum(f => f.Skipped);
        output.WriteLine(
            $"{_folders.Values.Sum(f => f.Passed)} passed, {Failed} failed{(skipped > 0 ? $", {skipped} skipped" : string.Empty)}");
    }
}
