using System.Text;
using StreamFlow.Sql.Diagnostics;

namespace StreamFlow.Cli.Sql;

/// <summary>Errors in a statement, with the line they are about and a caret below the place.</summary>
internal static class SqlErrorText
{
    public static string Describe(SqlException error, string script)
    {
        var lines = script.Split('\n');
        var text = new StringBuilder();
        foreach (var diagnostic in error.Diagnostics)
        {
            text.AppendLine(diagnostic.ToString());
            var (line, column) = (diagnostic.Span.Line, diagnostic.Span.Column);
            if (line >= 1 && line <= lines.Length && column >= 1)
            {
                // Tabs stay tabs, so that the caret stands below its place.
                var source = lines[line - 1].TrimEnd('\r');
                var indent = new string([.. source.Take(column - 1).Select(c => c == '\t' ? '\t' : ' ')]);
                text.Append("  ").AppendLine(source).Append("  ").Append(indent).AppendLine("^");
            }
        }

        return text.ToString().TrimEnd();
    }
}
