namespace StreamFlow.Cli.Sql.Editing;

/// <summary>A text of one or more lines, and the place in it where typing happens.</summary>
internal sealed class LineBuffer
{
    public string Text { get; private set; } = "";

    /// <summary>Offset in <see cref="Text"/>, from 0 to its length.</summary>
    public int Cursor { get; private set; }

    private int LineStart => Cursor == 0 ? 0 : Text.LastIndexOf('\n', Cursor - 1) + 1;

    private int LineEnd => Text.IndexOf('\n', Cursor) is var end and >= 0 ? end : Text.Length;

    public void Set(string text) => (Text, Cursor) = (text, text.Length);

    public void Insert(string text)
    {
        Text = Text.Insert(Cursor, text);
        Cursor += text.Length;
    }

    /// <summary>Replaces what stands between an offset and the cursor.</summary>
    public void ReplaceBack(int from, string text)
    {
        Remove(from, Cursor);
        Insert(text);
    }

    public void Backspace() => Remove(Cursor - 1, Cursor);

    public void Delete() => Remove(Cursor, Cursor + 1);

    public void DeleteWordBack() => Remove(WordStart(), Cursor);

    public void DeleteToLineEnd() => Remove(Cursor, LineEnd == Cursor ? Cursor + 1 : LineEnd);

    public void DeleteToLineStart() => Remove(LineStart, Cursor);

    public void Left() => Cursor = Math.Max(0, Cursor - 1);

    public void Right() => Cursor = Math.Min(Text.Length, Cursor + 1);

    public void Home() => Cursor = LineStart;

    public void End() => Cursor = LineEnd;

    public void WordLeft() => Cursor = WordStart();

    public void WordRight()
    {
        while (Cursor < Text.Length && !IsWord(Text[Cursor]))
        {
            Cursor++;
        }

        while (Cursor < Text.Length && IsWord(Text[Cursor]))
        {
            Cursor++;
        }
    }

    /// <summary>Moves to the same column of the line above.</summary>
    /// <returns>False on the first line.</returns>
    public bool Up()
    {
        var start = LineStart;
        if (start == 0)
        {
            return false;
        }

        var column = Cursor - start;
        var above = start == 1 ? 0 : Text.LastIndexOf('\n', start - 2) + 1;
        Cursor = Math.Min(above + column, start - 1);
        return true;
    }

    /// <summary>Moves to the same column of the line below.</summary>
    /// <returns>False on the last line.</returns>
    public bool Down()
    {
        var (column, end) = (Cursor - LineStart, LineEnd);
        if (end == Text.Length)
        {
            return false;
        }

        var below = end + 1;
        var belowEnd = Text.IndexOf('\n', below) is var next and >= 0 ? next : Text.Length;
        Cursor = Math.Min(below + column, belowEnd);
        return true;
    }

    private int WordStart()
    {
        var at = Cursor;
        while (at > 0 && !IsWord(Text[at - 1]))
        {
            at--;
        }

        while (at > 0 && IsWord(Text[at - 1]))
        {
            at--;
        }

        return at;
    }

    private void Remove(int from, int to)
    {
        (from, to) = (Math.Max(0, from), Math.Min(Text.Length, to));
        if (to > from)
        {
            Text = Text.Remove(from, to - from);
            Cursor = from;
        }
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c is '_' or '@';
}
