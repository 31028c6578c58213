using StreamFlow.Core.Records;

namespace StreamFlow.Core.Serialization;

/// <summary>Where the bytes come from or go to.</summary>
/// <param name="Topic">The topic; for a state store the name of its changelog topic.</param>
/// <param name="Target">Key or value.</param>
/// <param name="Headers">The record's headers.</param>
public readonly record struct SerdeContext(string Topic, SerdeTarget Target, Headers Headers)
{
    /// <summary>The context of a key without headers.</summary>
    public static SerdeContext ForKey(string topic) => new(topic, SerdeTarget.Key, Headers.Empty);

    /// <summary>The context of a value without headers.</summary>
    public static SerdeContext ForValue(string topic) => new(topic, SerdeTarget.Value, Headers.Empty);
}
