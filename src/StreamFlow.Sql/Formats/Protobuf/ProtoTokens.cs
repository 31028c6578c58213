using StreamFlow.Core.Errors;

namespace StreamFlow.Sql.Formats.Protobuf;

/// <summary>Splits .proto text into words, numbers, quoted texts and single characters; comments are skipped.</summary>
internal sealed class ProtoTokens
{
    private readonly List<string> _tokens = [];
    private int _next;

    public ProtoTokens(string text)
    {
        for (var i = 0; i < text.Length;)
        {
            i = text[i] switch
            {
                var c when char.IsWhiteSpace(c) => i + 1,
                '/' when text.AsSpan(i).StartsWith("//") => End(text, i, "\n"),
                '/' when text.AsSpan(i).StartsWith("/*") => End(text, i, "*/"),
                '"' or '\'' => Quoted(text, i),
                var c when IsWord(c) => Word(text, i),
                _ => Single(text, i),
            };
        }
    }

    public bool AtEnd => _next >= _tokens.Count;

    public string Peek => AtEnd ? string.Empty : _tokens[_next];

    public string Take() => AtEnd ? throw new ConfigurationException("The Protobuf definition ends too early.") : _tokens[_next++];

    public bool TryTake(string token)
    {
        if (Peek != token)
        {
            return false;
        }

        _next++;
        return true;
    }

    public void Expect(string token)
    {
        if (!TryTake(token))
        {
            throw new ConfigurationException($"The Protobuf definition has '{Peek}' where '{token}' is expected.");
        }
    }

    /// <summary>Takes everything up to a closing bracket, which is taken too.</summary>
    public List<string> TakeUntil(string close, string open)
    {
        var inner = new List<string>();
        for (var depth = 1; ;)
        {
            var token = Take();
            depth += token == open ? 1 : token == close ? -1 : 0;
            if (depth == 0)
            {
                return inner;
            }

            inner.Add(token);
        }
    }

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' or '+';

    private static int End(string text, int start, string end)
    {
        var at = text.IndexOf(end, start + 1, StringComparison.Ordinal);
        return at < 0 ? text.Length : at + end.Length;
    }

    private int Quoted(string text, int start)
    {
        var at = text.IndexOf(text[start], start + 1);
        var end = at < 0 ? text.Length : at + 1;
        _tokens.Add(text[start..end]);
        return end;
    }

    private int Word(string text, int start)
    {
        var end = start;
        while (end < text.Length && IsWord(text[end]))
        {
            end++;
        }

        _tokens.Add(text[start..end]);
        return end;
    }

    private int Single(string text, int at)
    {
        _tokens.Add(text[at].ToString());
        return at + 1;
    }
}
