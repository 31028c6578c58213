using StreamFlow.Client.Metadata;
using StreamFlow.Client.Networking;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;

namespace StreamFlow.Client.Groups;

/// <summary>
/// The names of topics that a broker assigns by id: those that metadata has, and the others after asking for them in the background.
/// </summary>
internal sealed class TopicNames(ClientContext context, MetadataCache metadata, AsyncSignal found, CancellationToken closing)
{
    private readonly Dictionary<Guid, string> _known = [];
    private Task _search = Task.CompletedTask;
    private int _attempts;

    /// <summary>The partitions whose names are known, by id. Asks for the others unless that is being done.</summary>
    public Dictionary<TopicIdPartition, TopicPartition> Find(HashSet<TopicIdPartition> partitions)
    {
        var topics = partitions.Select(p => p.TopicId).ToHashSet();
        foreach (var topic in metadata.Current.Topics.Values)
        {
            if (topic.Error == ErrorCode.None && topics.Contains(topic.TopicId))
            {
                _known[topic.TopicId] = topic.Name;
            }
        }

        var missing = topics.Where(t => !_known.ContainsKey(t)).ToList();
        if (missing.Count == 0)
        {
            _attempts = 0;
        }
        else if (_search.IsCompleted)
        {
            _search = SearchAsync(missing);
        }

        return partitions.Where(p => _known.ContainsKey(p.TopicId))
            .ToDictionary(p => p, p => new TopicPartition(_known[p.TopicId], p.Partition));
    }

    /// <summary>Ends when nothing is being asked any more.</summary>
    public Task StopAsync() => _search.ContinueWith(static _ => { }, TaskScheduler.Default);

    private async Task SearchAsync(List<Guid> missing)
    {
        try
        {
            if (_attempts++ > 0)
            {
                await context.Backoff.WaitAsync(_attempts - 1, closing).ConfigureAwait(false);
            }

            foreach (var topic in await metadata.DescribeAsync(missing, closing).ConfigureAwait(false))
            {
                metadata.Remember(topic.Name);
            }

            await metadata.RefreshAsync(metadata.Current.Generation, closing).ConfigureAwait(false);
        }
        catch (StreamFlowException)
        {
            // The next step of the member asks again; meanwhile it goes on with what it has.
        }

        found.Set();
    }
}
