namespace StreamFlow.Client.Consuming;

/// <summary>Chooses topics by an expression that the broker evaluates (KIP-848): topics that appear later are found without asking.</summary>
/// <param name="Expression">In RE2 syntax, matched against whole topic names.</param>
public sealed record SubscriptionPattern(string Expression);
