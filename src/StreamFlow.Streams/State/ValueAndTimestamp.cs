namespace StreamFlow.Streams.State;

/// <summary>A value and the time it stands for.</summary>
/// <typeparam name="TValue">The value's type.</typeparam>
/// <param name="Value">The value.</param>
/// <param name="Timestamp">Its time in ms since 1970.</param>
public readonly record struct ValueAndTimestamp<TValue>(TValue Value, long Timestamp);
