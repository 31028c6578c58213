using StreamFlow.Core.Errors;

namespace StreamFlow.Core.Compression;

/// <summary>The guard against blocks that expand without end.</summary>
internal static class CodecLimits
{
    public static void Check(string codec, long produced, int maxSize)
    {
        if (produced > maxSize)
        {
            throw new CorruptRecordException($"a {codec} block expands to more than {maxSize} bytes");
        }
    }
}
