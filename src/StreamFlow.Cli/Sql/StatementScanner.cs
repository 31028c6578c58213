namespace StreamFlow.Cli.Sql;

/// <summary>Knows where statements end: at a semicolon outside of quotes and comments.</summary>
internal static class StatementScanner
{
    /// <summary>Whether the text ends with a finished statement; white space and comments may follow it.</summary>
    public static bool IsComplete(string text)
    {
        var complete = false;
        for (var i = 0; i < text.Length; i++)
        {
            var next = i + 1 < text.Length ? text[i + 1] : '\0';
            switch (text[i])
            {
                case '\'' or '"' or '`':
                    (complete, i) = (false, text.IndexOf(text[i], i + 1));
                    break;
                case '-' when next == '-':
                    i = text.IndexOf('\n', i);
                    if (i < 0)
                    {
                        return complete;
                    }

                    break;
                case '/' when next == '*':
                    var end = text.IndexOf("*/", i + 2, StringComparison.Ordinal);
                    (complete, i) = end < 0 ? (false, -1) : (complete, end + 1);
                    break;
                case ';':
                    complete = true;
                    break;
                case var c when !char.IsWhiteSpace(c):
                    complete = false;
                    break;
            }

            if (i < 0)
            {
                // A quote or comment is still open.
                return false;
            }
        }

        return complete;
    }
}
