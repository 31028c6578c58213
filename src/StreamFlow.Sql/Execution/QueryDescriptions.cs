using System.Globalization;
using System.Text;
using StreamFlow.Sql.Catalog;

namespace StreamFlow.Sql.Execution;

/// <summary>DESCRIBE EXTENDED and EXPLAIN as text.</summary>
internal static class QueryDescriptions
{
    /// <summary>Everything about a stream or table.</summary>
    /// <param name="source">The stream or table.</param>
    /// <param name="topic">Its topic; null when it is gone.</param>
    /// <param name="queries">The queries that read or write it, with how far they are.</param>
    public static string Describe(
        DataSource source, SqlTopic? topic, IReadOnlyList<(PersistentQuery Query, IReadOnlyList<SourceProgress> Progress)> queries)
    {
        var text = new StringBuilder();
        Line(text, "Name", source.Name);
        Line(text, "Type", source.IsTable ? "TABLE" : "STREAM");
        Line(text, "Timestamp column", source.TimestampColumn ?? "(the record's own)");
        Line(text, "Key format", source.KeyFormat.Name);
        Line(text, "Value format", source.ValueFormat.Name);
        if (source.Window is { } window)
        {
            var length = window.SizeMs is { } ms ? string.Create(CultureInfo.InvariantCulture, $", {ms} ms") : "";
            Line(text, "Window", window.Type + length);
        }

        var size2 = topic is null
            ? "which is gone"
            : $"{Count(topic.Partitions, "partition")}, {Count(topic.Replicas, "replica")}";
        Line(text, "Topic", $"{source.Topic} ({size2})");
        Line(text, "Statement", source.Sql.ReplaceLineEndings(" "));
        text.AppendLine().AppendLine("Columns:");
        foreach (var column in source.Columns)
        {
            text.AppendLine($"  {column.Name} {column.Type}{Role(source, column)}");
        }

        AppendQueries(text, "Queries that write it:", queries.Where(q => q.Query.Sink?.Name == source.Name));
        AppendQueries(text, "Queries that read it:", queries.Where(q => q.Query.Sources.Contains(source.Name)));
        return text.ToString().TrimEnd();
    }

    /// <summary>A query: what it reads and writes, and the operators it runs as.</summary>
    public static string Explain(
        string id, string sql, IEnumerable<string> sources, string? sink, string? status, Streams.Topologies.Topology? topology)
    {
        var text = new StringBuilder();
        Line(text, "Id", id);
        Line(text, "Statement", sql.ReplaceLineEndings(" "));
        Line(text, "Sources", string.Join(", ", sources));
        Line(text, "Sink", sink ?? "(whoever asks)");
        if (status is not null)
        {
            Line(text, "Status", status);
        }

        if (topology is not null)
        {
            text.AppendLine().Append(topology.Describe());
        }

        return text.ToString().TrimEnd();
    }

    /// <summary><c>(primary key)</c>, <c>(key)</c>, <c>(header)</c>, or nothing.</summary>
    private static string Role(DataSource source, SourceColumn column) => column.Role switch
    {
        SourceColumnRole.Key => source.IsTable ? " (primary key)" : " (key)",
        SourceColumnRole.Header => " (header)",
        _ => "",
    };

    private static void AppendQueries(
        StringBuilder text, string title, IEnumerable<(PersistentQuery Query, IReadOnlyList<SourceProgress> Progress)> queries)
    {
        var list = queries.ToList();
        if (list.Count == 0)
        {
            return;
        }

        text.AppendLine().AppendLine(title);
        foreach (var (query, progress) in list)
        {
            text.AppendLine($"  {query.Id} ({Status(query)}): {query.Sql.ReplaceLineEndings(" ")}");
            foreach (var p in progress.Where(p => !p.IsInternal))
            {
                text.AppendLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"    {p.Topic}-{p.Partition}: start {p.Start}, end {p.End}, committed {Math.Max(p.Committed, 0)}, lag {p.Lag}"));
            }
        }
    }

    public static string Status(PersistentQuery query) =>
        query.Running.Failure is { } failure ? $"ERROR: {failure.Message.ReplaceLineEndings(" ")}" : query.IsPaused ? "PAUSED" : "RUNNING";

    private static string Count(int number, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {noun}{(number == 1 ? "" : "s")}");

    private static void Line(StringBuilder text, string name, string value) => text.AppendLine($"{name,-17}: {value}");
}
