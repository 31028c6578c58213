namespace StreamFlow.Broker.Security.Sasl;

/// <summary>The broker's side of one authentication by one mechanism. Steps come one after the other.</summary>
internal interface ISaslExchange
{
    /// <summary>Takes a message of the client.</summary>
    ValueTask<SaslStep> StepAsync(ReadOnlyMemory<byte> token);
}
