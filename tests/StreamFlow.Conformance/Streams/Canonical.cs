using System.Globalization;

namespace StreamFlow.Conformance.Streams;

/// <summary>Values as text for comparison and for messages; equal exactly when the values are.</summary>
internal static class Canonical
{
    public static string Of(object? value) => value switch
    {
        null => "null",
        string s => "\"" + s + "\"",
        double d => d.ToString("R", CultureInfo.InvariantCulture) + "d",
        TextList list => "[" + string.Join(',', list.Items.Select(i => "\"" + i + "\"")) + "]",
        RawBytes bytes => "0x" + bytes.Hex,
        _ when Values.Windowed(value) is var (key, window) =>
            string.Create(CultureInfo.InvariantCulture, $"{Of(key)}@{window.Start}-{window.End}"),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
