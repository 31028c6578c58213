using System.Runtime.InteropServices;

namespace StreamFlow.Core.Compression;

/// <summary>The part of liblz4's frame API (lz4frame.h) that is used here.</summary>
internal static unsafe partial class Lz4Native
{
    /// <summary>LZ4F_VERSION of lz4frame.h; the library refuses contexts of another ABI.</summary>
    public const uint FrameVersion = 100;

#pragma warning disable CA1810 // The resolver has to be registered before the first call, which a field initialiser cannot promise.
    static Lz4Native() => NativeCodecLibrary.Register();
#pragma warning restore CA1810

    [LibraryImport(NativeCodecLibrary.Lz4, EntryPoint = "LZ4F_compressFrameBound")]
    public static partial nuint CompressFrameBound(nuint sourceSize, in Lz4Preferences preferences);

    [LibraryImport(NativeCodecLibrary.Lz4, EntryPoint = "LZ4F_compressFrame")]
    public static partial nuint CompressFrame(byte* target, nuint capacity, byte* source, nuint sourceSize, in Lz4Preferences preferences);

    [LibraryImport(NativeCodecLibrary.Lz4, EntryPoint = "LZ4F_isError")]
    public static partial uint IsError(nuint code);

    [LibraryImport(NativeCodecLibrary.Lz4, EntryPoint = "LZ4F_createDecompressionContext")]
    public static partial nuint CreateDecompressionContext(out nint context, uint version);

    [LibraryImport(NativeCodecLibrary.Lz4, EntryPoint = "LZ4F_freeDecompressionContext")]
    public static partial nuint FreeDecompressionContext(nint context);

    [LibraryImport(NativeCodecLibrary.Lz4, EntryPoint = "LZ4F_resetDecompressionContext")]
    public static partial void ResetDecompressionContext(nint context);

    [LibraryImport(NativeCodecLibrary.Lz4, EntryPoint = "LZ4F_decompress")]
    public static partial nuint Decompress(
        nint context, byte* target, ref nuint targetSize, byte* source, ref nuint sourceSize, nint options);
}
