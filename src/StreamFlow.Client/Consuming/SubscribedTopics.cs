using System.Text.RegularExpressions;
using StreamFlow.Client.Metadata;
using StreamFlow.Client.Networking;
using StreamFlow.Core.Errors;

namespace StreamFlow.Client.Consuming;

/// <summary>
/// The topics of a subscription: a fixed list, what a pattern matches now, or what the broker finds by an expression; notices when they
/// change.
/// </summary>
internal sealed class SubscribedTopics(
    ClientContext context,
    MetadataCache metadata,
    IReadOnlyList<string> topics,
    Regex? pattern,
    TimeSpan maxAge,
    AsyncSignal changed,
    string? expression = null)
{
    private Task? _listing;
    private IReadOnlyCollection<TopicSnapshot> _listed = [];
    private StreamFlowException? _failure;
    private long _listedAt;
    private bool _isKnown = pattern is null;
    private bool _hasNewTopics;
    private long _lookedAt;

    /// <summary>What the broker evaluates; null when topics are asked for by name.</summary>
    public string? Expression { get; } = expression;

    /// <summary>The topics to ask the group for.</summary>
    public IReadOnlyList<string> Current { get; private set; } = topics;

    /// <summary>Whether some topic of a fixed list does not exist yet.</summary>
    public bool HasMissing
    {
        get
        {
            var known = metadata.Current.Topics;
            for (var i = 0; pattern is null && i < Current.Count; i++)
            {
                if (!known.TryGetValue(Current[i], out var topic) || topic.Error != ErrorCode.None)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Looks for topics that match.</summary>
    /// <returns>False while it is not known yet what matches.</returns>
    /// <exception cref="StreamFlowException">Topics cannot be listed.</exception>
    public bool Step()
    {
        if (pattern is null)
        {
            RefreshMissing();
            return true;
        }

        if (_listing is { IsCompleted: true })
        {
            _listing = null;
            if (_failure is { } failure && !_isKnown)
            {
                throw failure;
            }

            Take(_listed);
        }

        if (_listing is null && (!_isKnown || context.Clock.GetElapsedTime(_listedAt) > maxAge))
        {
            _listedAt = context.Clock.GetTimestamp();
            _listing = ListAsync();
        }

        return _isKnown;
    }

    /// <summary>
    /// Whether the group should assign anew: a pattern matches other topics, or a topic has other partitions than the leader assigned.
    /// </summary>
    /// <param name="assignedCounts">As leader: the partition counts of the last assignment; else null.</param>
    public bool HasChanged(IReadOnlyDictionary<string, int>? assignedCounts)
    {
        if (_hasNewTopics)
        {
            return true;
        }

        if (assignedCounts is null)
        {
            return false;
        }

        var known = metadata.Current.Topics;
        for (var i = 0; i < Current.Count; i++)
        {
            if (known.TryGetValue(Current[i], out var topic) && topic.Error == ErrorCode.None
                && assignedCounts.GetValueOrDefault(Current[i]) != topic.Partitions.Length)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The group was told.</summary>
    public void Taken() => _hasNewTopics = false;

    private async Task ListAsync()
    {
        try
        {
            _listed = await metadata.ListTopicsAsync(CancellationToken.None).ConfigureAwait(false);
            _failure = null;
        }
#pragma warning disable CA1031 // the next poll throws it, whatever it is
        catch (Exception e)
#pragma warning restore CA1031
        {
            _failure = Unexpected.In("listing topics", e);
        }

        changed.Set();
    }

    private void Take(IReadOnlyCollection<TopicSnapshot> all)
    {
        var matching = all.Where(t => !t.IsInternal && pattern!.IsMatch(t.Name)).Select(t => t.Name).Order(StringComparer.Ordinal).ToList();
        _hasNewTopics |= _isKnown && !matching.SequenceEqual(Current);
        Current = matching;
        _isKnown = true;
    }

    private void RefreshMissing()
    {
        if (HasMissing && context.Clock.GetElapsedTime(_lookedAt) > context.Options.RetryBackoffMax)
        {
            _lookedAt = context.Clock.GetTimestamp();
            foreach (var topic in Current)
            {
                metadata.Remember(topic);
            }

            metadata.RequestRefresh();
        }
    }
}
