using StreamFlow.Protocol;

namespace StreamFlow.Broker.Security.Sasl;

/// <summary>A token that is answered as a bare frame, after a handshake of version 0.</summary>
/// <param name="token">The token.</param>
internal sealed class RawSaslToken(byte[] token) : IResponse
{
    public byte[] Token => token;

    public ApiKey ApiKey => ApiKey.SaslAuthenticate;

    public short LowestVersion => 0;

    public short HighestVersion => 0;

    public bool IsFlexible(short version) => false;

    public void Write(ref ProtocolWriter writer, short version)
    {
        foreach (var part in token)
        {
            writer.WriteInt8((sbyte)part);
        }
    }
}
