using StreamFlow.Core.Records;

namespace StreamFlow.Streams.State.Joins;

/// <summary>One record of one side of a stream-stream join.</summary>
/// <param name="Timestamp">Its time in ms.</param>
/// <param name="Value">Its value; present.</param>
internal readonly record struct JoinSlot<TValue>(long Timestamp, TValue Value);

/// <summary>A record that has not been written down yet.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Slot">Time and value.</param>
/// <param name="Sequence">Tells records of the same key and time apart.</param>
/// <param name="Headers">The record's headers.</param>
internal readonly record struct PendingSlot<TKey, TValue>(TKey Key, JoinSlot<TValue> Slot, int Sequence, Headers Headers);
