using System.Runtime.InteropServices;

namespace StreamFlow.Core.Compression;

/// <summary>The C API of libsnappy (snappy-c.h).</summary>
internal static unsafe partial class SnappyNative
{
#pragma warning disable CA1810 // The resolver has to be registered before the first call, which a field initialiser cannot promise.
    static SnappyNative() => NativeCodecLibrary.Register();
#pragma warning restore CA1810

    [LibraryImport(NativeCodecLibrary.Snappy, EntryPoint = "snappy_compress")]
    public static partial int Compress(byte* source, nuint sourceSize, byte* target, ref nuint targetSize);

    [LibraryImport(NativeCodecLibrary.Snappy, EntryPoint = "snappy_uncompress")]
    public static partial int Decompress(byte* source, nuint sourceSize, byte* target, ref nuint targetSize);
}
