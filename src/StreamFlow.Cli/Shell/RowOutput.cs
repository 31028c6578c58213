using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace StreamFlow.Cli.Shell;

/// <summary>
/// Prints rows: a table on a terminal, tab-separated lines elsewhere, or one JSON object a row. Null is an empty cell, or JSON null.
/// </summary>
internal static class RowOutput
{
    public static void Write(ParseResult parsed, IReadOnlyList<string> columns, IEnumerable<object?[]> rows)
    {
        if (parsed.GetValue(GlobalOptions.Output) == OutputFormat.Json)
        {
            foreach (var row in rows)
            {
                WriteJson(columns, row);
            }
        }
        else if (Console.IsOutputRedirected)
        {
            foreach (var row in rows)
            {
                Console.Out.WriteLine(string.Join('\t', row.Select(Text)));
            }
        }
        else
        {
            WriteTable(columns, rows);
        }
    }

    private static void WriteJson(IReadOnlyList<string> columns, object?[] row)
    {
        var named = new Dictionary<string, object?>(StringComparer.Ordinal);
        for (var i = 0; i < columns.Count; i++)
        {
            named[columns[i]] = row[i];
        }

        Console.Out.WriteLine(JsonSerializer.Serialize(named));
    }

    private static void WriteTable(IReadOnlyList<string> columns, IEnumerable<object?[]> rows)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(Markup.Escape(column)));
        }

        foreach (var row in rows)
        {
            table.AddRow(Array.ConvertAll(row, cell => Markup.Escape(Text(cell))));
        }

        AnsiConsole.Write(table);
    }

    private static string Text(object? cell) => cell switch
    {
        null => "",
        IEnumerable<int> numbers => string.Join(',', numbers),
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        _ => cell.ToString() ?? "",
    };
}
