using System.Globalization;

namespace StreamFlow.Streams.Topologies;

/// <summary>Shortens names that grew too long, the same way at every start (FNV-1a, 64 bits).</summary>
internal static class StableHash
{
    private const int Kept = 120;

    public static string Shorten(string name)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in name)
        {
            hash = (hash ^ c) * 1099511628211UL;
        }

        return name[^Kept..].TrimStart('.', '-') + "-" + hash.ToString("x16", CultureInfo.InvariantCulture);
    }
}
