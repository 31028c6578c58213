namespace StreamFlow.Core.Records;

/// <summary>One header of a record.</summary>
/// <param name="Key">Its name; names may repeat within a record.</param>
/// <param name="Value">Its bytes, or null.</param>
public readonly record struct Header(string Key, byte[]? Value);
