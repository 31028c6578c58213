using StreamFlow.Core.Errors;

namespace StreamFlow.Protocol;

/// <summary>Anything with a definition: requests, responses, stored records and the data that groups exchange.</summary>
public interface IVersioned
{
    /// <summary>The oldest version that has a layout.</summary>
    short LowestVersion { get; }

    /// <summary>The newest version that has a layout.</summary>
    short HighestVersion { get; }

    /// <summary>Whether <paramref name="version"/> has compact lengths and tagged fields (KIP-482).</summary>
    bool IsFlexible(short version);

    /// <summary>Writes the fields that <paramref name="version"/> has.</summary>
    /// <exception cref="ProtocolException">No such version, or a field is set that it lacks and that must not get lost.</exception>
    void Write(ref ProtocolWriter writer, short version);
}

/// <summary>An <see cref="IVersioned"/> that can be read without an instance.</summary>
public interface IVersioned<TSelf> : IVersioned
    where TSelf : IVersioned<TSelf>
{
    /// <summary>Reads the fields that <paramref name="version"/> has; the others keep their defaults.</summary>
    /// <exception cref="ProtocolException">There is no such version, or the bytes end early or contradict themselves.</exception>
    static abstract TSelf Read(ref ProtocolReader reader, short version);
}
