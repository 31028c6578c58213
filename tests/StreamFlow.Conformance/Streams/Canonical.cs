using System.Globalization;
using StreamFlow.Streams;

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
        Windowed<object> w => string.Create(CultureInfo.InvariantCulture, $"{Of(w.Key)}@{w.Window.Start}-{w.Window.End}"),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
