using System.Text.Json;
using StreamFlow.Sql.Testing.Values;

namespace StreamFlow.Sql.Testing.Encoding;

/// <summary>
/// Turns the JSON of a case into the bytes of one side (key or value) of a topic, and such bytes into a comparable value.
/// </summary>
internal interface ISideCodec
{
    /// <summary>The bytes of a value that is not null; null when the format has no bytes.</summary>
    byte[]? Encode(JsonElement value);

    /// <summary>The value of bytes.</summary>
    ActualValue Decode(byte[] bytes);
}
