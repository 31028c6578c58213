using System.Text.Json;
using StreamFlow.Sql.Testing.Values;

namespace StreamFlow.Sql.Testing.Encoding;

/// <summary>DELIMITED: the text as it stands.</summary>
internal sealed class DelimitedCodec : ISideCodec
{
    public byte[] Encode(JsonElement value) => System.Text.Encoding.UTF8.GetBytes(JsonTexts.Plain(value));

    public ActualValue Decode(byte[] bytes) => new TextValue(System.Text.Encoding.UTF8.GetString(bytes));
}

/// <summary>NONE: no bytes.</summary>
internal sealed class NoneCodec : ISideCodec
{
    public byte[]? Encode(JsonElement value) => null;

    public ActualValue Decode(byte[] bytes) => ActualValue.Null;
}
