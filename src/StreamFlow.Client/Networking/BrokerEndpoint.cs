namespace StreamFlow.Client.Networking;

/// <summary>Where a broker listens.</summary>
internal readonly record struct BrokerEndpoint(string Host, int Port)
{
    public override string ToString() => $"{Host}:{Port}";
}
