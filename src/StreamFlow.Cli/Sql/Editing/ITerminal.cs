namespace StreamFlow.Cli.Sql.Editing;

/// <summary>What the line editor needs of a terminal.</summary>
internal interface ITerminal
{
    /// <summary>Columns of a line.</summary>
    int Width { get; }

    /// <summary>Waits for a key; Ctrl-C is a key, too.</summary>
    ConsoleKeyInfo ReadKey();

    /// <summary>Writes text and control sequences.</summary>
    void Write(string text);
}

/// <summary>The terminal the program was started in.</summary>
internal sealed class SystemTerminal : ITerminal
{
    public int Width => Console.WindowWidth is var width and > 0 ? width : 80;

    public ConsoleKeyInfo ReadKey() => Console.ReadKey(intercept: true);

    public void Write(string text) => Console.Out.Write(text);
}
