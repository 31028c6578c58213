using StreamFlow.Core.Errors;

namespace StreamFlow.Protocol;

/// <summary>From an API key to its messages.</summary>
public static partial class MessageRegistry
{
    /// <summary>Reads the body of a request.</summary>
    /// <exception cref="ProtocolException">The API or version is not known, or the bytes are malformed.</exception>
    public static IRequest ReadRequest(ref ProtocolReader reader, ApiKey apiKey, short version) =>
        ReadRequestOrNull(ref reader, apiKey, version) ?? throw Unknown(apiKey);

    /// <summary>Reads the body of a response.</summary>
    /// <exception cref="ProtocolException">The API or version is not known, or the bytes are malformed.</exception>
    public static IResponse ReadResponse(ref ProtocolReader reader, ApiKey apiKey, short version) =>
        ReadResponseOrNull(ref reader, apiKey, version) ?? throw Unknown(apiKey);

    /// <summary>A new response of an API with every field at its default.</summary>
    /// <exception cref="ProtocolException">The API is not known.</exception>
    public static IResponse CreateResponse(ApiKey apiKey) => CreateResponseOrNull(apiKey) ?? throw Unknown(apiKey);

    private static ProtocolException Unknown(ApiKey apiKey) => new($"API key {(short)apiKey} is not known");
}
