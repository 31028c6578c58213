namespace StreamFlow.Broker.Groups;

/// <summary>An assignment strategy that a member offers, with the bytes that only clients understand.</summary>
/// <param name="Name">The strategy's name, such as <c>cooperative-sticky</c>.</param>
/// <param name="Metadata">The member's subscription in that strategy's form.</param>
internal readonly record struct GroupProtocol(string Name, byte[] Metadata);
