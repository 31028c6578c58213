namespace StreamFlow.Sql.Execution;

/// <content>
/// Pull queries see what this engine has inserted, and what waited in topics when it started: they wait, a while, until the queries on the
/// way have taken it. What others write meanwhile is not waited for.
/// </content>
public sealed partial class SqlEngine
{
    private static readonly TimeSpan FreshnessPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FreshnessStall = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FreshnessPoll = TimeSpan.FromMilliseconds(20);

    private readonly Dictionary<string, long> _writtenAt = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _readAt = new(StringComparer.Ordinal);
    private long _writes;

    private void Wrote(string topic) => _writtenAt[topic] = ++_writes;

    /// <summary>Waits until a query, and those it reads from, have taken what was written before.</summary>
    private async ValueTask RefreshAsync(string queryId, CancellationToken cancellationToken)
    {
        foreach (var id in UpstreamFirst(queryId, []))
        {
            var query = _queries[id];
            if (query.IsPaused || query.Running.Failure is not null || !IsStale(id))
            {
                continue;
            }

            var now = _writes;
            await WaitUntilTakenAsync(query.Running, cancellationToken).ConfigureAwait(false);
            _readAt[id] = now;
            if (query.Start.SinkTopic is { } sink)
            {
                // Whoever reads it has something new to read.
                _writtenAt[sink] = Math.Max(_writtenAt.GetValueOrDefault(sink), now);
            }
        }
    }

    /// <summary>Waits until the queries that write a topic have taken what was written before.</summary>
    private async ValueTask RefreshWritersAsync(string topic, CancellationToken cancellationToken)
    {
        foreach (var query in _queries.Values.Where(q => q.Start.SinkTopic == topic && !q.IsPaused && q.Running.Failure is null).ToList())
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(FreshnessPatience);
            try
            {
                await query.Running.WaitUntilRunningAsync(patience.Token).ConfigureAwait(false);
                await RefreshAsync(query.Id, patience.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // What the topic holds so far is an answer.
            }
        }
    }

    private bool IsStale(string id)
    {
        var read = _readAt.GetValueOrDefault(id, -1);
        return read < 0 || _queries[id].Start.SourceTopics.Any(t => _writtenAt.GetValueOrDefault(t) > read);
    }

    private List<string> UpstreamFirst(string id, HashSet<string> seen)
    {
        var order = new List<string>();
        if (!seen.Add(id))
        {
            return order;
        }

        var sources = _queries[id].Start.SourceTopics;
        foreach (var upstream in _queries.Values.Where(q => q.Start.SinkTopic is { } sink && sources.Contains(sink)))
        {
            order.AddRange(UpstreamFirst(upstream.Id, seen));
        }

        order.Add(id);
        return order;
    }

    // Topics between the query's own parts fill while the first part reads: they are looked at again until nothing is new.
    private async ValueTask WaitUntilTakenAsync(IRunningTopology running, CancellationToken cancellationToken)
    {
        var (begin, moved) = (_options.Time.GetTimestamp(), _options.Time.GetTimestamp());
        var (wanted, last) = (new Dictionary<(string, int), long>(), -1L);
        while (_options.Time.GetElapsedTime(begin) < FreshnessPatience && _options.Time.GetElapsedTime(moved) < FreshnessStall)
        {
            var progress = await running.ProgressAsync(cancellationToken).ConfigureAwait(false);
            foreach (var p in progress.Where(p => p.IsInternal || !wanted.ContainsKey((p.Topic, p.Partition))))
            {
                wanted[(p.Topic, p.Partition)] = p.End;
            }

            if (progress.All(p => Math.Max(p.Committed, p.Start) >= wanted[(p.Topic, p.Partition)]))
            {
                return;
            }

            var total = progress.Sum(p => p.Committed);
            moved = total == last ? moved : _options.Time.GetTimestamp();
            last = total;
            await Task.Delay(FreshnessPoll, _options.Time, cancellationToken).ConfigureAwait(false);
        }
    }
}
