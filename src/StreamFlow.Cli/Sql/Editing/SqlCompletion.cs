using StreamFlow.Sql.Execution;
using StreamFlow.Sql.Parsing;

namespace StreamFlow.Cli.Sql.Editing;

/// <summary>Completes keywords, functions, and the streams, tables, columns, types and queries that exist.</summary>
internal sealed class SqlCompletion(SqlEngine engine)
{
    public (int Start, IReadOnlyList<string> Candidates) Complete(string text, int cursor)
    {
        var start = cursor;
        while (start > 0 && (char.IsLetterOrDigit(text[start - 1]) || text[start - 1] is '_' or '@' or '\\'))
        {
            start--;
        }

        var word = text[start..cursor];
        if (word.StartsWith('\\'))
        {
            return (start, [.. ReplCommands.Names.Where(n => n.StartsWith(word, StringComparison.Ordinal))]);
        }

        // Who writes keywords in lower case gets them in lower case.
        var lower = word.Any(char.IsLower);
        var keywords = SqlWords.Keywords.Select(k => lower ? k.ToLowerInvariant() : k);
        var functions = word.Length == 0 ? [] : engine.FunctionNames.Select(f => (lower ? f.ToLowerInvariant() : f) + "(");
        var names = Names(text).Select(n => lower ? n.ToLowerInvariant() : n);
        var candidates = names.Concat(keywords).Concat(functions)
            .Where(c => c.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        return (start, [.. candidates]);
    }

    private IEnumerable<string> Names(string text)
    {
        foreach (var source in engine.Catalog.Sources)
        {
            yield return source.Name;
            if (text.Contains(source.Name, StringComparison.OrdinalIgnoreCase))
            {
                foreach (var column in source.Columns)
                {
                    yield return column.Name;
                }
            }
        }

        foreach (var name in engine.Queries.Select(q => q.Id).Concat(engine.Catalog.Types.Keys))
        {
            yield return name;
        }
    }
}
