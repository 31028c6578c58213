namespace StreamFlow.Client.Consuming;

/// <summary>Chooses topics by an expression that the broker evaluates (KIP-848), those that appear later too.</summary>
/// <param name="Expression">In RE2 syntax, matched against whole topic names.</param>
public sealed record SubscriptionPattern(string Expression);
