using System.Text;

namespace StreamFlow.Core.Security;

/// <summary>The attributes of a SCRAM message, <c>a=value,b=value</c>, and the escapes of user names (RFC 5802, section 5).</summary>
public static class ScramMessage
{
    /// <summary>The value of an attribute, or null when the message lacks it.</summary>
    /// <param name="message">The message, without the GS2 header of a client's first one.</param>
    /// <param name="attribute">The attribute's letter.</param>
    public static string? Find(string message, char attribute)
    {
        foreach (var part in message.Split(','))
        {
            if (part.Length >= 2 && part[0] == attribute && part[1] == '=')
            {
                return part[2..];
            }
        }

        return null;
    }

    /// <summary>The bytes of an attribute in base64, or null when it is missing or is no base64.</summary>
    /// <param name="message">The message.</param>
    /// <param name="attribute">The attribute's letter.</param>
    public static byte[]? FindBytes(string message, char attribute)
    {
        if (Find(message, attribute) is not { Length: > 0 } text)
        {
            return null;
        }

        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var count) ? bytes[..count] : null;
    }

    /// <summary>A user name as it stands in a message.</summary>
    public static string Escape(string name) =>
        name.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal);

    /// <summary>The user name of an escaped one; null when an equals sign stands alone.</summary>
    public static string? Unescape(string text)
    {
        var name = text.Replace("=2C", ",", StringComparison.Ordinal).Replace("=3D", "\0", StringComparison.Ordinal);
        return name.Contains('=', StringComparison.Ordinal) ? null : name.Replace('\0', '=');
    }

    /// <summary>The text of a message.</summary>
    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
