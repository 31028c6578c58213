using System.Text;

namespace StreamFlow.Protocol;

/// <summary>
/// Short texts that come again and again, such as names of topics and clients, so that reading them makes no new string. A table of fixed
/// size in which a newer text takes the place of an older one. Thread safe.
/// </summary>
internal static class TextCache
{
    private const int Longest = 128;
    private const int Places = 1024;
    private const uint FnvBasis = 2166136261;
    private const uint FnvPrime = 16777619;

    private static readonly Entry?[] Entries = new Entry?[Places];

    /// <summary>The text of UTF-8 bytes.</summary>
    public static string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > Longest)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        var hash = FnvBasis;
        foreach (var value in utf8)
        {
            hash = (hash ^ value) * FnvPrime;
        }

        ref var place = ref Entries[hash % Places];
        if (Volatile.Read(ref place) is { } entry && utf8.SequenceEqual(entry.Utf8))
        {
            return entry.Text;
        }

        var text = Encoding.UTF8.GetString(utf8);
        Volatile.Write(ref place, new Entry(utf8.ToArray(), text));
        return text;
    }

    private sealed record Entry(byte[] Utf8, string Text);
}
