namespace StreamFlow.Broker.Telemetry;

/// <summary>One number that a client has pushed.</summary>
/// <param name="Name">The metric's name, such as <c>org.apache.kafka.producer.connection.count</c>.</param>
/// <param name="Unit">Its unit; empty when the client names none.</param>
/// <param name="Value">The number.</param>
/// <param name="IsDelta">Whether it is what was added since the last push, rather than the state or the sum.</param>
/// <param name="Attributes">What tells it from others of its name.</param>
internal sealed record OtlpMetric(
    string Name, string Unit, double Value, bool IsDelta, IReadOnlyList<KeyValuePair<string, string>> Attributes);
