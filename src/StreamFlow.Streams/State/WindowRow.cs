namespace StreamFlow.Streams.State;

/// <summary>A row of a window or session store.</summary>
/// <typeparam name="TKey">The inner key's type.</typeparam>
/// <typeparam name="TValue">The value's type.</typeparam>
/// <param name="Key">The key and its window.</param>
/// <param name="Value">The value.</param>
/// <param name="Timestamp">The row's time in ms; the window's start when the store keeps none.</param>
public readonly record struct WindowRow<TKey, TValue>(Windowed<TKey> Key, TValue Value, long Timestamp);
