using StreamFlow.Cli.Sql;
using StreamFlow.Cli.Sql.Editing;

namespace StreamFlow.Cli.Tests.Sql.Editing;

/// <summary>Editing of statements, key by key.</summary>
public sealed class LineEditorTests
{
    [Fact]
    public void Enter_ends_a_complete_statement_and_breaks_the_line_of_another()
    {
        Assert.Equal("SELECT *\nFROM T;", Read("SELECT *", ConsoleKey.Enter, "FROM T;", ConsoleKey.Enter));
        Assert.Equal("\\d", Read("\\d", ConsoleKey.Enter));
        Assert.Equal("", Read(ConsoleKey.Enter));
    }

    [Fact]
    public void Keys_move_and_delete()
    {
        Assert.Equal("SELECT 1;", Read("SELCT 1;", ConsoleKey.Home, Right(3), "E", ConsoleKey.End, ConsoleKey.Enter));
        Assert.Equal("ab;", Read("abc", ConsoleKey.Backspace, ";", ConsoleKey.Enter));
        Assert.Equal("x ;", Read("x yz", Control('w'), ";", ConsoleKey.Enter));
        Assert.Equal("A1\nB;", Read("A", ConsoleKey.Enter, "B;", ConsoleKey.UpArrow, "1", ConsoleKey.DownArrow, ConsoleKey.Enter));
    }

    [Fact]
    public void Arrows_and_search_bring_back_what_was_typed()
    {
        var history = new History(null);
        history.Add("SHOW STREAMS;");
        history.Add("SELECT 1;");
        Assert.Equal("SELECT 1;", Read(history, ConsoleKey.UpArrow, ConsoleKey.Enter));
        Assert.Equal("SHOW STREAMS;", Read(history, ConsoleKey.UpArrow, ConsoleKey.UpArrow, ConsoleKey.Enter));
        Assert.Equal("SHOW STREAMS;", Read(history, "stre", Control('r'), ConsoleKey.Enter));
    }

    [Fact]
    public void Tab_completes_what_is_certain()
    {
        Assert.Equal("SELECT ;", Read("SEL", ConsoleKey.Tab, ";", ConsoleKey.Enter));
        Assert.Equal("STREAM;", Read("ST", ConsoleKey.Tab, ";", ConsoleKey.Enter));
    }

    [Fact]
    public void Control_c_drops_the_text_and_control_d_ends()
    {
        Assert.Equal("", Read("SELECT", Control('c')));
        Assert.Null(Read(Control('d')));
    }

    [Fact]
    public void Drawing_never_erases_from_the_first_column_on()
    {
        var terminal = new ScriptedTerminal(["SELECT", ConsoleKey.Enter, "1;", ConsoleKey.UpArrow, "x", ConsoleKey.Enter]);
        new LineEditor(terminal, new History(null), (_, cursor) => (cursor, []), StatementScanner.IsComplete).Read();
        Assert.Contains("sql> \u001b[J", terminal.Written);
        Assert.DoesNotContain("\r\u001b[J", terminal.Written);
    }

    [Fact]
    public void History_comes_back_from_its_file()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("streamflow-history-").FullName, "history");
        new History(path).Add("SELECT 'a\\n'\nFROM T;");
        Assert.Equal(["SELECT 'a\\n'\nFROM T;"], new History(path).Entries);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Theory]
    [InlineData("SELECT 1;", true)]
    [InlineData("SELECT 1; -- done", true)]
    [InlineData("SELECT 1; /* ; */", true)]
    [InlineData("SELECT 1; SELECT", false)]
    [InlineData("SELECT ';", false)]
    [InlineData("SELECT 'it''s;'", false)]
    [InlineData("SELECT 1 -- ;", false)]
    [InlineData("SELECT 1 /* ;", false)]
    [InlineData("", false)]
    public void A_statement_ends_at_a_semicolon_outside_of_quotes_and_comments(string text, bool isComplete) =>
        Assert.Equal(isComplete, StatementScanner.IsComplete(text));

    private static string? Read(params object[] keys) => Read(new History(null), keys);

    private static string? Read(History history, params object[] keys)
    {
        var terminal = new ScriptedTerminal(keys);
        string[] words = ["SELECT", "STREAM", "STREAMS"];
        var editor = new LineEditor(
            terminal,
            history,
            (text, cursor) =>
            {
                var start = text.LastIndexOf(' ', Math.Max(0, cursor - 1)) + 1;
                return (start, [.. words.Where(w => w.StartsWith(text[start..cursor], StringComparison.Ordinal))]);
            },
            text => text.Length == 0 || ReplCommands.IsCommand(text) || StatementScanner.IsComplete(text));
        return editor.Read();
    }

    private static object[] Right(int count) => [.. Enumerable.Repeat((object)ConsoleKey.RightArrow, count)];

    private static ConsoleKeyInfo Control(char key) =>
        new((char)(key - 'a' + 1), Enum.Parse<ConsoleKey>(key.ToString().ToUpperInvariant()), shift: false, alt: false, control: true);

    /// <summary>Plays keys: texts, special keys, key infos, and arrays of them.</summary>
    private sealed class ScriptedTerminal(IEnumerable<object> keys) : ITerminal
    {
        private readonly Queue<ConsoleKeyInfo> _keys = new(keys.SelectMany(Keys));

        public int Width => 80;

        public ConsoleKeyInfo ReadKey() => _keys.Dequeue();

        /// <summary>What was drawn, with the sequences that move the cursor.</summary>
        public string Written { get; private set; } = "";

        public void Write(string text) => Written += text;

        private static IEnumerable<ConsoleKeyInfo> Keys(object key) => key switch
        {
            string text => text.Select(c => new ConsoleKeyInfo(c, ConsoleKey.None, false, false, false)),
            ConsoleKey special => [new ConsoleKeyInfo('\0', special, false, false, false)],
            ConsoleKeyInfo info => [info],
            object[] several => several.SelectMany(Keys),
            _ => throw new ArgumentException($"no key: {key}"),
        };
    }
}
