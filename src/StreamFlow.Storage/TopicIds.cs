using System.Buffers.Text;
using System.Text;

namespace StreamFlow.Storage;

/// <summary>Ids in the text form of Kafka's tools: 16 bytes, big-endian, base64url without padding (22 characters).</summary>
public static class TopicIds
{
    /// <summary>The characters of the text form.</summary>
    public const int TextLength = 22;

    /// <summary>The text form.</summary>
    public static string Format(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Writes the text form.</summary>
    /// <returns>False when there is no room for its <see cref="TextLength"/> characters.</returns>
    public static bool TryFormat(Guid id, Span<char> destination)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return Base64Url.TryEncodeToChars(bytes, destination, out _);
    }

    /// <summary>Reads the text form.</summary>
    /// <returns>False when it is not the text of 16 bytes.</returns>
    public static bool TryParse(string text, out Guid id)
    {
        id = default;
        Span<byte> bytes = stackalloc byte[16];
        if (text.Length != TextLength
            || !Base64Url.IsValid(text) || !Base64Url.TryDecodeFromUtf8(Encoding.UTF8.GetBytes(text), bytes, out var count) || count != 16)
        {
            return false;
        }

        id = new Guid(bytes, bigEndian: true);
        return true;
    }
}
