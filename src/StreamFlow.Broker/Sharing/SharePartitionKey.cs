using System.Globalization;
using StreamFlow.Storage;

namespace StreamFlow.Broker.Sharing;

/// <summary>A partition of a topic as one share group reads it.</summary>
internal readonly record struct SharePartitionKey(string GroupId, Guid TopicId, int Partition)
{
    /// <summary>The text by which its coordinator is found.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{GroupId}:{TopicIds.Format(TopicId)}:{Partition}");

    /// <summary>Writes the text; false when there is no room for it.</summary>
    public bool TryFormat(Span<char> destination, out int written)
    {
        written = 0;
        var number = GroupId.Length + TopicIds.TextLength + 2;
        if (destination.Length <= number
            || !Partition.TryFormat(destination[number..], out var digits, provider: CultureInfo.InvariantCulture))
        {
            return false;
        }

        GroupId.CopyTo(destination);
        destination[GroupId.Length] = destination[number - 1] = ':';
        written = number + digits;
        return TopicIds.TryFormat(TopicId, destination[(GroupId.Length + 1)..]);
    }

    /// <summary>Whether a text has the form of a key.</summary>
    public static bool IsKey(string text)
    {
        var partition = text.LastIndexOf(':');
        var topic = partition <= 0 ? -1 : text.LastIndexOf(':', partition - 1);
        return topic > 0 && TopicIds.TryParse(text[(topic + 1)..partition], out _)
            && int.TryParse(text.AsSpan(partition + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _);
    }
}
