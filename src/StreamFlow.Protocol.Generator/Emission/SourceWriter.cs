using System;
using System.Text;

namespace StreamFlow.Protocol.Generator.Emission;

/// <summary>Writes indented C# lines.</summary>
internal sealed class SourceWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;
    private bool _isAfterBlock;

    /// <summary>Writes a line; a block that ended before it is set off by an empty one.</summary>
    public void Line(string text = "")
    {
        if (_isAfterBlock && text.Length > 0 && text[0] != '}' && !text.StartsWith("else", StringComparison.Ordinal))
        {
            _text.Append('\n');
        }

        _isAfterBlock = text == "}";
        if (text.Length > 0)
        {
            _text.Append(' ', _depth * 4).Append(text);
        }

        _text.Append('\n');
    }

    public void Open(string? head = null)
    {
        if (head is not null)
        {
            Line(head);
        }

        Line("{");
        _depth++;
    }

    public void Close(string end = "}")
    {
        _depth--;
        Line(end);
    }

    /// <summary>An XML documentation element; nothing when there is no text.</summary>
    public void Doc(string element, string text)
    {
        if (text.Length > 0)
        {
            var sentence = char.ToUpperInvariant(text[0]) + text.Substring(1) + (text.EndsWith(".", StringComparison.Ordinal) ? "" : ".");
            Line($"/// <{element}>{Escape(sentence)}</{element}>");
        }
    }

    public static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");

    public override string ToString() => _text.ToString();
}
