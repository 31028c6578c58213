using System.Text;
using StreamFlow.Protocol.Generator.Definitions;
using StreamFlow.Protocol.Tests.Support;
using StreamFlow.Testing.Snapshots;

namespace StreamFlow.Protocol.Tests.Messages;

/// <summary>
/// The bytes of every message in every version, as reviewed files in <c>Golden/</c>. Each line says which field its bytes belong to;
/// a version whose layout is that of the version before is only named.
/// </summary>
public sealed class GoldenBytesTests
{
    public static TheoryData<string> Names => DefinitionSet.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Bytes_are_those_that_were_reviewed(string name)
    {
        var message = DefinitionSet.Messages[name];
        var text = new StringBuilder();
        text.Append($"{name}: versions {message.Versions}, flexible {message.Flexible}\n");
        string? previous = null;
        foreach (var version in DefinitionSet.VersionsOf(message))
        {
            var dump = Dump(message, version);
            text.Append(dump == previous ? $"\nversion {version}: as before\n" : $"\nversion {version}\n{dump}");
            previous = dump;
        }

        Snapshot.VerifyIn(text.ToString(), "Golden", name);
    }

    private static string Dump(MessageDefinition message, short version)
    {
        var sample = Samples.Full(message, version);
        var fields = DefinitionEncoder.Encode(message, sample, version);
        Assert.Equal(Convert.ToHexString(fields.SelectMany(f => f.Bytes).ToArray()), Convert.ToHexString(Codec.Encode(sample, version)));
        var text = new StringBuilder();
        foreach (var field in fields)
        {
            var label = new string(' ', (field.Depth + 1) * 2) + field.Name;
            var bytes = Convert.ToHexString(field.Bytes);
            text.Append($"{label,-40} {bytes,-32}  {field.Text}".TrimEnd()).Append('\n');
        }

        return text.ToString();
    }
}
