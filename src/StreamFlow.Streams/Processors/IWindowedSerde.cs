namespace StreamFlow.Streams.Processors;

/// <summary>A key serde that writes a window behind the inner key; only the inner key decides the partition.</summary>
internal interface IWindowedSerde
{
    /// <summary>Bytes of the window.</summary>
    int WindowBytes { get; }
}
