using System.Runtime.InteropServices;

namespace StreamFlow.Core.Compression;

/// <summary>LZ4F_preferences_t of lz4frame.h; the layout is liblz4's ABI.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Lz4Preferences
{
    public int BlockSizeId;
    public int BlockMode;
    public int ContentChecksum;
    public int FrameType;
    public ulong ContentSize;
    public uint DictionaryId;
    public int BlockChecksum;
    public int CompressionLevel;
    public uint AutoFlush;
    public uint FavorDecompressionSpeed;
    public uint Reserved0;
    public uint Reserved1;
    public uint Reserved2;

    /// <summary>What Kafka's Java reader takes: it refuses blocks that depend on earlier ones, and 64 KiB is its default size.</summary>
    public static Lz4Preferences ForKafka(int level) => new() { BlockSizeId = 4, BlockMode = 1, CompressionLevel = level };
}
