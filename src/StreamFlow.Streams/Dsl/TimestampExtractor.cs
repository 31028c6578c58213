namespace StreamFlow.Streams.Dsl;

/// <summary>Tells the time of an input record.</summary>
/// <param name="record">The record; its timestamp is the one it has in the log.</param>
/// <param name="context">Where it came from.</param>
/// <returns>The time in ms since 1970; negative drops and counts the record.</returns>
public delegate long TimestampExtractor<TKey, TValue>(in Record<TKey, TValue> record, in TimestampContext context);
