namespace StreamFlow.Client.Security;

/// <summary>The client's side of one authentication.</summary>
internal interface ISaslClient
{
    /// <summary>The first message.</summary>
    ValueTask<byte[]> BeginAsync(CancellationToken cancellationToken);

    /// <summary>Takes the broker's answer.</summary>
    /// <returns>The next message, or null when nothing is left to say.</returns>
    /// <exception cref="Core.Errors.BrokerException">The broker did not prove that it is the right one.</exception>
    byte[]? Next(byte[] answer);
}
