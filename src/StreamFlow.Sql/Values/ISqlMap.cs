namespace StreamFlow.Sql.Values;

/// <summary>A MAP seen without its type arguments.</summary>
internal interface ISqlMap
{
    /// <summary>The entries by the text of their keys.</summary>
    SortedDictionary<string, object?> ToSorted();
}
