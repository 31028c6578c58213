using System.Runtime.CompilerServices;
using StreamFlow.Core.Memory;
using StreamFlow.RocksDb;

namespace StreamFlow.Streams.State.Persistent;

/// <summary>
/// The block cache of all databases that draw on one memory budget, whichever application they belong to. It lives as long as the budget.
/// Thread safe.
/// </summary>
internal static class SharedBlockCache
{
    private static readonly ConditionalWeakTable<MemoryBudget, Cache> ByBudget = [];

    public static Cache Of(MemoryBudget budget) => ByBudget.GetValue(budget, Create);

    private static Cache Create(MemoryBudget budget)
    {
        var share = budget[MemoryUse.BlockCache];
        var cache = Cache.CreateLru(share.Capacity);
        share.MeasureBy(() => cache.Usage);
        return cache;
    }
}
