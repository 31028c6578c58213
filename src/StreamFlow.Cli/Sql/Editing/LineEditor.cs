using System.Text;

namespace StreamFlow.Cli.Sql.Editing;

/// <summary>Completes the word before the cursor.</summary>
/// <param name="text">The text.</param>
/// <param name="cursor">Where the cursor stands.</param>
/// <returns>Where the word begins, and what it may become.</returns>
internal delegate (int Start, IReadOnlyList<string> Candidates) Completer(string text, int cursor);

/// <summary>
/// Edits a statement of several lines: Enter ends it when it is complete, else begins a new line. Arrows move in it, and through the
/// history at its edges; Tab completes, Ctrl-R searches the history for what was typed, Ctrl-C drops the text, Ctrl-D on an empty one ends
/// the input.
/// </summary>
/// <param name="terminal">Where keys come from and text goes to.</param>
/// <param name="history">What was typed before.</param>
/// <param name="complete">Completes words.</param>
/// <param name="isComplete">Whether Enter ends a text.</param>
internal sealed class LineEditor(ITerminal terminal, History history, Completer complete, Func<string, bool> isComplete)
{
    private const string Prompt = "sql> ";
    private const string Continued = "  -> ";

    private readonly LineBuffer _buffer = new();
    private int _cursorRow;
    private string? _search;

    /// <summary>Reads one text.</summary>
    /// <returns>The text, empty when it was dropped; null at the end of the input.</returns>
    public string? Read()
    {
        _buffer.Set("");
        _cursorRow = 0;
        history.Rewind();
        Draw();
        while (true)
        {
            var key = terminal.ReadKey();
            _search = key is { Key: ConsoleKey.R, Modifiers: ConsoleModifiers.Control } ? _search : null;
            switch (key)
            {
                case { Key: ConsoleKey.Enter } when isComplete(_buffer.Text):
                    return Submit();
                case { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control }:
                    Leave();
                    return "";
                case { Key: ConsoleKey.D, Modifiers: ConsoleModifiers.Control } when _buffer.Text.Length == 0:
                    Leave();
                    return null;
                case { Key: ConsoleKey.Tab }:
                    Complete();
                    break;
                default:
                    Edit(key);
                    break;
            }

            Draw();
        }
    }

    private string Submit()
    {
        Leave();
        history.Add(_buffer.Text.Trim());
        return _buffer.Text;
    }

    private void Edit(ConsoleKeyInfo key)
    {
        var control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
        var alt = key.Modifiers.HasFlag(ConsoleModifiers.Alt);
        Action? action = key.Key switch
        {
            ConsoleKey.Enter => () => _buffer.Insert("\n"),
            ConsoleKey.Backspace when control || alt => _buffer.DeleteWordBack,
            ConsoleKey.Backspace => _buffer.Backspace,
            ConsoleKey.Delete => _buffer.Delete,
            ConsoleKey.LeftArrow when control || alt => _buffer.WordLeft,
            ConsoleKey.LeftArrow => _buffer.Left,
            ConsoleKey.RightArrow when control || alt => _buffer.WordRight,
            ConsoleKey.RightArrow => _buffer.Right,
            ConsoleKey.Home => _buffer.Home,
            ConsoleKey.End => _buffer.End,
            ConsoleKey.UpArrow => Up,
            ConsoleKey.DownArrow => Down,
            ConsoleKey.Escape => () => _buffer.Set(""),
            _ when control => Control(key.Key),
            _ => null,
        };
        if (action is not null)
        {
            action();
        }
        else if (!control && !char.IsControl(key.KeyChar))
        {
            _buffer.Insert(key.KeyChar.ToString());
        }
    }

    private Action? Control(ConsoleKey key) => key switch
    {
        ConsoleKey.A => _buffer.Home,
        ConsoleKey.E => _buffer.End,
        ConsoleKey.B => _buffer.Left,
        ConsoleKey.F => _buffer.Right,
        ConsoleKey.D => _buffer.Delete,
        ConsoleKey.H => _buffer.Backspace,
        ConsoleKey.K => _buffer.DeleteToLineEnd,
        ConsoleKey.U => _buffer.DeleteToLineStart,
        ConsoleKey.W => _buffer.DeleteWordBack,
        ConsoleKey.P => Up,
        ConsoleKey.N => Down,
        ConsoleKey.L => Clear,
        ConsoleKey.R => Search,
        _ => null,
    };

    private void Up()
    {
        if (!_buffer.Up() && history.Previous() is { } entry)
        {
            _buffer.Set(entry);
        }
    }

    private void Down()
    {
        if (!_buffer.Down())
        {
            _buffer.Set(history.Next());
        }
    }

    private void Search()
    {
        _search ??= _buffer.Text;
        if (history.Search(_search) is { } found)
        {
            _buffer.Set(found);
        }
    }

    private void Clear()
    {
        terminal.Write("\u001b[H\u001b[2J");
        _cursorRow = 0;
    }

    private void Complete()
    {
        var (start, candidates) = complete(_buffer.Text, _buffer.Cursor);
        if (candidates.Count == 0)
        {
            return;
        }

        var common = candidates.Aggregate(CommonStart);
        if (candidates.Count == 1)
        {
            _buffer.ReplaceBack(start, candidates[0].EndsWith('(') ? candidates[0] : candidates[0] + " ");
        }
        else if (common.Length > _buffer.Cursor - start)
        {
            _buffer.ReplaceBack(start, common);
        }
        else
        {
            Leave();
            terminal.Write(string.Join("  ", candidates.Take(60)) + (candidates.Count > 60 ? "  ...\n" : "\n"));
        }
    }

    private static string CommonStart(string left, string right)
    {
        var length = 0;
        while (length < Math.Min(left.Length, right.Length) && left[length] == right[length])
        {
            length++;
        }

        return left[..length];
    }

    // The cursor goes below the text, which stays on the screen.
    private void Leave()
    {
        var (rows, _, _) = Layout();
        terminal.Write(Down(rows - _cursorRow) + "\r\n");
        _cursorRow = 0;
    }

    private void Draw()
    {
        var text = new StringBuilder();

        // What is below is erased behind the prompt, not in front of it: terminals that see the whole screen erased put it into their
        // scrollback, with every key anew.
        text.Append(_cursorRow > 0 ? $"\u001b[{_cursorRow}A" : "").Append('\r').Append(Prompt).Append("\u001b[J");
        text.Append(_buffer.Text.Replace("\n", "\r\n" + Continued));
        var (rows, row, column) = Layout();

        // A text that ends at the right edge leaves the cursor there: the next row begins only with a line break.
        if (EndColumn() == 0)
        {
            text.Append("\r\n");
        }

        text.Append(rows > row ? $"\u001b[{rows - row}A" : "").Append('\r').Append(column > 0 ? $"\u001b[{column}C" : "");
        terminal.Write(text.ToString());
        _cursorRow = row;
    }

    private int EndColumn() => (Prompt.Length + _buffer.Text.Length - (_buffer.Text.LastIndexOf('\n') + 1)) % terminal.Width;

    /// <summary>The last row, and where the cursor is, from the row of the prompt.</summary>
    private (int Rows, int Row, int Column) Layout()
    {
        var (row, cursorRow, cursorColumn, at) = (0, 0, 0, 0);
        foreach (var line in _buffer.Text.Split('\n'))
        {
            if (_buffer.Cursor >= at && _buffer.Cursor <= at + line.Length)
            {
                var column = Prompt.Length + _buffer.Cursor - at;
                (cursorRow, cursorColumn) = (row + (column / terminal.Width), column % terminal.Width);
            }

            row += ((Prompt.Length + line.Length) / terminal.Width) + 1;
            at += line.Length + 1;
        }

        return (row - 1, cursorRow, cursorColumn);
    }

    private static string Down(int rows) => rows > 0 ? $"\u001b[{rows}B" : "";
}
