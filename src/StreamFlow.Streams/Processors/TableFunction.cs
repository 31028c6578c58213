namespace StreamFlow.Streams.Processors;

/// <summary>Computes the value of a derived table's row.</summary>
/// <returns>False when the row does not exist in the derived table.</returns>
internal delegate bool TableFunction<in TKey, in TValue, TNewValue>(TKey key, TValue value, out TNewValue? result);
