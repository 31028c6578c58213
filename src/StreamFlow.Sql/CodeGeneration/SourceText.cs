using System.Text;

namespace StreamFlow.Sql.CodeGeneration;

/// <summary>Writes indented lines of C#.</summary>
internal sealed class SourceText
{
    private readonly StringBuilder _text = new();
    private int _indent;

    public void Line(string line = "")
    {
        if (line.Length > 0)
        {
            _text.Append(' ', _indent * 4).Append(line);
        }

        _text.Append('\n');
    }

    /// <summary>A comment of the lines of a text.</summary>
    public void Comment(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            Line($"// {line.TrimEnd()}".TrimEnd());
        }
    }

    public void Open(string header)
    {
        Line(header);
        OpenBlock();
    }

    public void OpenBlock()
    {
        Line("{");
        _indent++;
    }

    public void Close(string tail = "")
    {
        _indent--;
        Line("}" + tail);
    }

    public void Indented(Action write)
    {
        _indent++;
        write();
        _indent--;
    }

    /// <summary>Appends lines that are indented already.</summary>
    public void Append(SourceText other) => _text.Append(other._text);

    public void Clear() => _text.Clear();

    public override string ToString() => _text.ToString();
}
