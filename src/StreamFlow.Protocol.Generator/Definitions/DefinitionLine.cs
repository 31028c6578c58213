using System;
using System.Linq;

namespace StreamFlow.Protocol.Generator.Definitions;

/// <summary>A line cut into its depth (two blanks each), its words and the prose after <c>//</c>.</summary>
internal sealed class DefinitionLine
{
    private DefinitionLine(int number, int depth, string[] words, string prose)
    {
        Number = number;
        Depth = depth;
        Words = words;
        Prose = prose;
    }

    /// <summary>From 0.</summary>
    public int Number { get; }

    /// <summary>-1 when the indentation is not a multiple of two blanks.</summary>
    public int Depth { get; }

    public string[] Words { get; }

    public string Prose { get; }

    public bool IsBlank => Words.Length == 0 && Prose.Length == 0;

    public bool IsProse => Words.Length == 0 && Prose.Length > 0;

    public static DefinitionLine Parse(string text, int number)
    {
        var comment = text.IndexOf("//", StringComparison.Ordinal);
        var prose = comment < 0 ? "" : text.Substring(comment + 2).Trim();
        var code = comment < 0 ? text : text.Substring(0, comment);
        var blanks = code.TakeWhile(c => c == ' ').Count();
        var malformed = blanks % 2 != 0 || code.Contains('\t');
        var words = code.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
        return new(number, malformed ? -1 : blanks / 2, words, prose);
    }
}
