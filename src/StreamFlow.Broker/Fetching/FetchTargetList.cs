using StreamFlow.Protocol;

namespace StreamFlow.Broker.Fetching;

/// <summary>What a request without a session names; lives as long as its response.</summary>
internal sealed class FetchTargetList : IRecyclable
{
    private readonly Dictionary<FetchKey, FetchTarget> _last = [];

    public List<FetchTarget> Targets { get; } = [];

    /// <summary>Leaves each partition in once; what comes last counts.</summary>
    public void RemoveDoubles()
    {
        foreach (var target in Targets)
        {
            _last[target.Key] = target;
        }

        if (_last.Count < Targets.Count)
        {
            Targets.Clear();
            Targets.AddRange(_last.Values);
        }
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _last.Clear();
        Targets.Clear();
    }
}
