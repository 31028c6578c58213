using StreamFlow.Broker.Groups;

namespace StreamFlow.Broker.Handlers;

/// <summary>Describes groups of the newer kinds, one after the other.</summary>
internal static class GroupDescriptions
{
    /// <summary>The descriptions, in the order of the ids.</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="ids">Whose.</param>
    /// <param name="describe">Describes a group under its lock; it gets null when there is none.</param>
    /// <param name="refuse">Answers for an id that no group can have.</param>
    public static async ValueTask<List<T>> OfAsync<T>(
        GroupCoordinator groups, IEnumerable<string> ids, Func<string, GroupEntry?, T> describe, Func<string, T> refuse)
    {
        List<T> described = [];
        foreach (var id in ids)
        {
            if (id.Length == 0)
            {
                described.Add(refuse(id));
                continue;
            }

            var shard = await groups.ShardOfAsync(id).ConfigureAwait(false);
            described.Add(shard.Look(id, entry => describe(id, entry)));
        }

        return described;
    }
}
