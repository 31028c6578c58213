using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Tests.Support;

namespace StreamFlow.Protocol.Tests.Messages;

/// <summary>Bytes that end early or lie about lengths: a <see cref="ProtocolException"/>, and no memory for what is not there.</summary>
public sealed class MalformedInputTests
{
    /// <summary>Far above what a sample of some hundred bytes needs, far below what a believed length would take.</summary>
    private const long MostAllocated = 256 * 1024;

    public static TheoryData<string> Names => DefinitionSet.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Message_cut_at_any_byte_is_refused(string name)
    {
        var message = DefinitionSet.Messages[name];
        foreach (var version in DefinitionSet.VersionsOf(message))
        {
            var sample = Samples.Full(message, version);
            var bytes = Codec.Encode(sample, version);
            for (var length = 0; length < bytes.Length; length++)
            {
                Assert.Throws<ProtocolException>(() => Codec.Decode(sample.GetType(), bytes.AsMemory(0, length), version, out _));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Message_with_any_byte_changed_is_read_or_refused_without_large_allocations(string name)
    {
        var message = DefinitionSet.Messages[name];
        foreach (var version in new[] { message.Versions.Lowest, message.Versions.Highest }.Distinct().Select(v => (short)v))
        {
            var sample = Samples.Full(message, version);
            var bytes = Codec.Encode(sample, version);
            for (var position = 0; position < bytes.Length; position++)
            {
                foreach (var lie in new byte[] { 0x7F, 0x80, 0xFF })
                {
                    var copy = (byte[])bytes.Clone();
                    copy[position] = lie;
                    CheckReadOrRefused(sample.GetType(), copy, version);
                }
            }
        }
    }

    private static void CheckReadOrRefused(Type type, byte[] bytes, short version)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            Codec.Decode(type, bytes, version, out _);
        }
        catch (ProtocolException)
        {
            // Refused, as it should be.
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostAllocated);
    }
}
