using StreamFlow.Core.Errors;

namespace StreamFlow.Protocol;

/// <summary>Which APIs have a definition, and in which versions.</summary>
public static partial class ApiVersions
{
    private static readonly ApiVersionRange[] Table = CreateTable();
    private static readonly ApiVersionRange?[] ByKey = IndexByKey();

    /// <summary>Every API, by key.</summary>
    public static IReadOnlyList<ApiVersionRange> All => Table;

    /// <summary>The versions of an API.</summary>
    /// <exception cref="ProtocolException">The key has no definition.</exception>
    public static ApiVersionRange Of(ApiKey key) =>
        TryGet(key, out var range) ? range : throw new ProtocolException($"API key {(short)key} is not known");

    /// <summary>The versions of an API, if it has a definition.</summary>
    public static bool TryGet(ApiKey key, out ApiVersionRange range)
    {
        var index = (int)key;
        var found = index >= 0 && index < ByKey.Length ? ByKey[index] : null;
        range = found ?? default;
        return found is not null;
    }

    private static ApiVersionRange?[] IndexByKey()
    {
        var byKey = new ApiVersionRange?[Table.Max(range => (int)range.Key) + 1];
        foreach (var range in Table)
        {
            byKey[(int)range.Key] = range;
        }

        return byKey;
    }
}
