using System.Diagnostics.Metrics;

namespace StreamFlow.Core.Memory;

/// <summary>
/// Shows the budgets of the process, their sum when there are several, as instruments of the meter <c>StreamFlow.Core</c>.
/// </summary>
internal static class MemoryMetrics
{
    private static readonly Meter Meter = new("StreamFlow.Core");
    private static readonly List<WeakReference<MemoryBudget>> Budgets = [];

    static MemoryMetrics()
    {
        Meter.CreateObservableGauge(
            "streamflow.memory.limit", () => Live().Sum(b => b.Limit), "By", "Bytes that caches and buffers may hold (memory.limit)");
        Meter.CreateObservableGauge("streamflow.memory.used", Used, "By", "Bytes that caches and buffers hold, by use");
    }

    /// <summary>Shows a budget for as long as it lives.</summary>
    public static void Watch(MemoryBudget budget)
    {
        lock (Budgets)
        {
            Budgets.RemoveAll(b => !b.TryGetTarget(out _));
            Budgets.Add(new(budget));
        }
    }

    private static List<MemoryBudget> Live()
    {
        lock (Budgets)
        {
            var live = new List<MemoryBudget>(Budgets.Count);
            foreach (var reference in Budgets)
            {
                if (reference.TryGetTarget(out var budget))
                {
                    live.Add(budget);
                }
            }

            return live;
        }
    }

    private static IEnumerable<Measurement<long>> Used() => Live()
        .SelectMany(b => b.Shares)
        .GroupBy(s => s.Use, s => s.Used)
        .Select(g => new Measurement<long>(g.Sum(), new KeyValuePair<string, object?>("use", g.Key)));
}
