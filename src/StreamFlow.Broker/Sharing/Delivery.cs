namespace StreamFlow.Broker.Sharing;

/// <summary>What the log says of a record.</summary>
/// <param name="State">What has become of it.</param>
/// <param name="Count">How often it was handed out.</param>
internal readonly record struct Delivery(RecordState State, short Count);
