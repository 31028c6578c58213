namespace StreamFlow.Streams.Dsl;

/// <summary>Chooses the partition of a record.</summary>
/// <param name="topic">The topic it goes to.</param>
/// <param name="key">Its key; the type's default when it has none.</param>
/// <param name="value">Its value; the type's default when it has none.</param>
/// <param name="partitions">The number of partitions of the topic.</param>
/// <returns>The partition; null leaves it to the hash of the key.</returns>
public delegate int? Partitioner<in TKey, in TValue>(string topic, TKey key, TValue value, int partitions);
