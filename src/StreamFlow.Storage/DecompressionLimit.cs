namespace StreamFlow.Storage;

/// <summary>
/// How large a batch may become when it is decompressed: enough for any honest batch (text that repeats reaches 1:100 and more), and
/// bounded, so that one batch cannot take the process's memory.
/// </summary>
internal static class DecompressionLimit
{
    private const int Floor = 64 << 20;
    private const long Ceiling = 1 << 30;

    public static int Of(int compressedSize) => (int)Math.Clamp(compressedSize * 128L, Floor, Ceiling);
}
