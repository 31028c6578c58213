using System.Runtime.InteropServices;

namespace StreamFlow.Core.Compression;

/// <summary>ZSTD_inBuffer and ZSTD_outBuffer of zstd.h, which share one layout.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ZstdBuffer
{
    public byte* Bytes;
    public nuint Size;
    public nuint Position;
}
