using StreamFlow.Core.Errors;

namespace StreamFlow.Client.Metadata;

/// <summary>A topic as one metadata answer describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TopicId">Its id, or <see cref="Guid.Empty"/>.</param>
/// <param name="IsInternal">Whether it belongs to the broker.</param>
/// <param name="Partitions">Its partitions, at their numbers.</param>
/// <param name="Error">Why it cannot be used, or <see cref="ErrorCode.None"/>.</param>
internal sealed record TopicSnapshot(string Name, Guid TopicId, bool IsInternal, PartitionMetadata[] Partitions, ErrorCode Error);
