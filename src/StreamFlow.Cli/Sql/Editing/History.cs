namespace StreamFlow.Cli.Sql.Editing;

/// <summary>What was typed before, oldest first, kept in a file: one entry a line, line breaks and backslashes escaped.</summary>
/// <param name="path">The file; null keeps nothing. One that cannot be read or written is as good as none.</param>
internal sealed class History(string? path)
{
    private const int MaxEntries = 1000;
    private readonly List<string> _entries = Load(path);
    private int _at;

    public IReadOnlyList<string> Entries => _entries;

    /// <summary>The user's history file: <c>$STREAMFLOW_HISTORY</c>, else one in the home directory.</summary>
    public static string DefaultPath() =>
        Environment.GetEnvironmentVariable("STREAMFLOW_HISTORY")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".streamflow_history");

    /// <summary>Adds an entry, unless it repeats the last one, and begins again behind it.</summary>
    public void Add(string entry)
    {
        if (entry.Length > 0 && (_entries.Count == 0 || _entries[^1] != entry))
        {
            _entries.Add(entry);
            Append(entry);
        }

        Rewind();
    }

    /// <summary>Begins again behind the newest entry.</summary>
    public void Rewind() => _at = _entries.Count;

    /// <summary>The entry before; null at the oldest.</summary>
    public string? Previous() => _at > 0 ? _entries[--_at] : null;

    /// <summary>The entry behind; empty behind the newest.</summary>
    public string Next()
    {
        _at = Math.Min(_at + 1, _entries.Count);
        return _at < _entries.Count ? _entries[_at] : "";
    }

    /// <summary>The nearest older entry that contains a text; null when there is none.</summary>
    public string? Search(string text)
    {
        for (var i = _at - 1; i >= 0; i--)
        {
            if (_entries[i].Contains(text, StringComparison.OrdinalIgnoreCase))
            {
                _at = i;
                return _entries[i];
            }
        }

        return null;
    }

    private static List<string> Load(string? path)
    {
        try
        {
            return path is not null && File.Exists(path)
                ? [.. File.ReadLines(path).TakeLast(MaxEntries).Select(Unescape)]
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private void Append(string entry)
    {
        try
        {
            if (path is not null)
            {
                File.AppendAllText(path, entry.Replace("\\", "\\\\").Replace("\n", "\\n") + "\n");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is a convenience; the session has it all the same.
        }
    }

    private static string Unescape(string line) =>
        line.Replace("\\\\", "\u0001").Replace("\\n", "\n").Replace("\u0001", "\\");
}
