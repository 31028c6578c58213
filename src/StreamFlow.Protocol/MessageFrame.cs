using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Protocol;

/// <summary>
/// Whole frames: <c>int32 size, header, body</c>. A flexible request has header version 2 and any other version 1; a flexible response has
/// header version 1 and any other version 0, except ApiVersions, whose response always has version 0 because the client cannot know yet
/// what the broker speaks (KIP-511).
/// </summary>
public static class MessageFrame
{
    private const short RequestHeaderVersion = 1;
    private const short FlexibleRequestHeaderVersion = 2;

    /// <summary>Appends a request to <paramref name="buffer"/>, with its size.</summary>
    /// <exception cref="ProtocolException">A field is set that <paramref name="version"/> lacks.</exception>
    public static void WriteRequest(FrameBuffer buffer, IRequest request, short version, int correlationId, string? clientId)
    {
        var start = buffer.Length;
        var writer = new ProtocolWriter(buffer);
        var size = BeginSize(ref writer);
        writer.WriteInt16((short)request.ApiKey);
        writer.WriteInt16(version);
        writer.WriteInt32(correlationId);

        // Even a flexible header has the old layout here, so that a broker can read it of any version (KIP-482).
        writer.WriteNullableString(clientId, flexible: false);
        if (request.IsFlexible(version))
        {
            writer.WriteUnsignedVarint(0);
        }

        request.Write(ref writer, version);
        buffer.SetInt32(size, buffer.Length - start - sizeof(int));
    }

    /// <summary>
    /// Appends a response to <paramref name="buffer"/>, with its size. The answer to an ApiVersions request of a version that is not known
    /// is written as version 0, with error UNSUPPORTED_VERSION and the range of ApiVersions alone.
    /// </summary>
    /// <exception cref="ProtocolException">A field is set that <paramref name="version"/> lacks.</exception>
    public static void WriteResponse(FrameBuffer buffer, IResponse response, short version, int correlationId)
    {
        var start = buffer.Length;
        var writer = new ProtocolWriter(buffer);
        var size = BeginSize(ref writer);
        writer.WriteInt32(correlationId);
        if (HasTaggedResponseHeader(response.ApiKey, version))
        {
            writer.WriteUnsignedVarint(0);
        }

        response.Write(ref writer, version);
        buffer.SetInt32(size, buffer.Length - start - sizeof(int));
    }

    /// <summary>
    /// Reads the header of a request frame (without its size) and leaves <paramref name="reader"/> at the body. An ApiVersions request of a
    /// version that is not known is let through, since a broker has to answer it (KIP-511).
    /// </summary>
    /// <exception cref="ProtocolException">The API or version is not known, or the bytes are malformed.</exception>
    public static RequestHeader ReadRequestHeader(ref ProtocolReader reader)
    {
        var peek = reader;
        var key = (ApiKey)peek.ReadInt16();
        var version = peek.ReadInt16();
        if (!ApiVersions.TryGet(key, out var range))
        {
            throw reader.Malformed($"API key {(short)key} is not known");
        }

        if (!range.Contains(version) && key != ApiKey.ApiVersions)
        {
            throw reader.Malformed($"{key} has no version {version}: {range.Lowest} to {range.Highest} are offered");
        }

        reader.Name(key, version);
        return RequestHeader.Read(ref reader, range.IsFlexible(version) ? FlexibleRequestHeaderVersion : RequestHeaderVersion);
    }

    /// <summary>Reads a request frame (without its size).</summary>
    /// <exception cref="ProtocolException">The API or version is not known, or the bytes are malformed.</exception>
    public static IRequest ReadRequest(ReadOnlyMemory<byte> frame, out RequestHeader header)
    {
        var reader = new ProtocolReader(frame, "request");
        header = ReadRequestHeader(ref reader);
        return MessageRegistry.ReadRequest(ref reader, (ApiKey)header.RequestApiKey, header.RequestApiVersion);
    }

    /// <summary>
    /// Reads a response frame (without its size). An ApiVersions response with error UNSUPPORTED_VERSION has the layout of version 0,
    /// whatever <paramref name="version"/> was asked for (KIP-511).
    /// </summary>
    /// <exception cref="ProtocolException">The bytes are malformed.</exception>
    public static IResponse ReadResponse(ReadOnlyMemory<byte> frame, ApiKey apiKey, short version, out int correlationId)
    {
        var reader = new ProtocolReader(frame, "response");
        correlationId = ReadResponseHeader(ref reader, apiKey, version);
        if (apiKey == ApiKey.ApiVersions)
        {
            var peek = reader;
            version = peek.ReadError() == ErrorCode.UnsupportedVersion ? (short)0 : version;
        }

        return MessageRegistry.ReadResponse(ref reader, apiKey, version);
    }

    /// <summary>Reads the header of a response frame and leaves <paramref name="reader"/> at the body.</summary>
    /// <returns>The correlation id.</returns>
    /// <exception cref="ProtocolException">The bytes are malformed.</exception>
    public static int ReadResponseHeader(ref ProtocolReader reader, ApiKey apiKey, short version)
    {
        reader.Name(apiKey, version);
        var correlationId = reader.ReadInt32();
        if (HasTaggedResponseHeader(apiKey, version))
        {
            reader.SkipTags();
        }

        return correlationId;
    }

    private static bool HasTaggedResponseHeader(ApiKey apiKey, short version) =>
        apiKey != ApiKey.ApiVersions && ApiVersions.Of(apiKey).IsFlexible(version);

    /// <summary>Leaves room for the frame's size.</summary>
    /// <returns>Where it goes; an encoded position, which later references do not move.</returns>
    private static int BeginSize(ref ProtocolWriter writer)
    {
        var position = writer.Buffer.BeginSized();
        writer.WriteInt32(0);
        return position;
    }
}
