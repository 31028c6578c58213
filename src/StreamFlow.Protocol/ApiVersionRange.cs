namespace StreamFlow.Protocol;

/// <summary>The versions of one API.</summary>
/// <param name="Key">The API.</param>
/// <param name="Lowest">The oldest version that has a layout.</param>
/// <param name="Highest">The newest version that has a layout.</param>
/// <param name="FirstFlexible">The first version with compact lengths and tagged fields; <see cref="short.MaxValue"/> for none.</param>
/// <param name="LowestOffered">
/// The oldest version that a broker names in its ApiVersions answer. It may lie below <paramref name="Lowest"/>: old clients conclude
/// from it what a broker can do, without using it.
/// </param>
/// <param name="HighestOffered">The newest version that a broker names: below <paramref name="Highest"/> while that is not settled.</param>
public readonly record struct ApiVersionRange(
    ApiKey Key, short Lowest, short Highest, short FirstFlexible, short LowestOffered, short HighestOffered)
{
    /// <summary>Whether <paramref name="version"/> has a layout.</summary>
    public bool Contains(short version) => version >= Lowest && version <= Highest;

    /// <summary>Whether <paramref name="version"/> has compact lengths and tagged fields.</summary>
    public bool IsFlexible(short version) => version >= FirstFlexible;
}
