using System.Runtime.InteropServices;

namespace StreamFlow.Core.Compression;

/// <summary>The part of libzstd (zstd.h) that is used here.</summary>
internal static unsafe partial class ZstdNative
{
#pragma warning disable CA1810 // The resolver has to be registered before the first call, which a field initialiser cannot promise.
    static ZstdNative() => NativeCodecLibrary.Register();
#pragma warning restore CA1810

    [LibraryImport(NativeCodecLibrary.Zstd, EntryPoint = "ZSTD_compressBound")]
    public static partial nuint CompressBound(nuint sourceSize);

    [LibraryImport(NativeCodecLibrary.Zstd, EntryPoint = "ZSTD_createCCtx")]
    public static partial nint CreateCompressionContext();

    [LibraryImport(NativeCodecLibrary.Zstd, EntryPoint = "ZSTD_freeCCtx")]
    public static partial nuint FreeCompressionContext(nint context);

    [LibraryImport(NativeCodecLibrary.Zstd, EntryPoint = "ZSTD_compressCCtx")]
    public static partial nuint Compress(nint context, byte* target, nuint capacity, byte* source, nuint sourceSize, int level);

    [LibraryImport(NativeCodecLibrary.Zstd, EntryPoint = "ZSTD_isError")]
    public static partial uint IsError(nuint code);

    [LibraryImport(NativeCodecLibrary.Zstd, EntryPoint = "ZSTD_createDCtx")]
    public static partial nint CreateDecompressionContext();

    [LibraryImport(NativeCodecLibrary.Zstd, EntryPoint = "ZSTD_freeDCtx")]
    public static partial nuint FreeDecompressionContext(nint context);

    /// <summary>ZSTD_initDStream: forgets what an earlier, broken call left behind.</summary>
    [LibraryImport(NativeCodecLibrary.Zstd, EntryPoint = "ZSTD_initDStream")]
    public static partial nuint Reset(nint context);

    [LibraryImport(NativeCodecLibrary.Zstd, EntryPoint = "ZSTD_decompressStream")]
    public static partial nuint Decompress(nint context, ref ZstdBuffer target, ref ZstdBuffer source);
}
