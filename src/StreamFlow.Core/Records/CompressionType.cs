namespace StreamFlow.Core.Records;

/// <summary>The codec of a record batch; the numbers are bits 0-2 of the batch attributes and may not change.</summary>
public enum CompressionType
{
    /// <summary>Records stand as they are.</summary>
    None = 0,

    /// <summary>RFC 1952.</summary>
    Gzip = 1,

    /// <summary>Snappy blocks, framed as Java's xerial library does or raw as librdkafka does.</summary>
    Snappy = 2,

    /// <summary>LZ4 frames.</summary>
    Lz4 = 3,

    /// <summary>Zstandard frames.</summary>
    Zstd = 4,
}
