using System.Text.Json;

namespace StreamFlow.Sql.Testing.Encoding;

/// <summary>Texts of JSON nodes.</summary>
internal static class JsonTexts
{
    /// <summary>A string without quotes, anything else as written.</summary>
    public static string Plain(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
