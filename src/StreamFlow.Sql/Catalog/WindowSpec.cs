namespace StreamFlow.Sql.Catalog;

/// <summary>How the keys of a topic are windowed.</summary>
/// <param name="Type"><c>TUMBLING</c>, <c>HOPPING</c> or <c>SESSION</c>.</param>
/// <param name="SizeMs">Size in ms; null for sessions.</param>
public sealed record WindowSpec(string Type, long? SizeMs)
{
    /// <summary>Whether keys carry a start and an end of their own.</summary>
    public bool IsSession => SizeMs is null;
}
