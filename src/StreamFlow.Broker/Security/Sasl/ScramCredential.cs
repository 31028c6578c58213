namespace StreamFlow.Broker.Security.Sasl;

/// <summary>What is stored of a user's password: enough to check it, too little to log in with.</summary>
/// <param name="Salt">The salt.</param>
/// <param name="StoredKey">H(client key).</param>
/// <param name="ServerKey">What the broker proves to have.</param>
/// <param name="Iterations">Rounds of the hash.</param>
internal sealed record ScramCredential(byte[] Salt, byte[] StoredKey, byte[] ServerKey, int Iterations)
{
    public const int SaltSize = 16;

    public const int UsualIterations = 4096;

    /// <summary>Tells the rounds and nothing that is secret.</summary>
    public override string ToString() => $"iterations={Iterations}";
}
