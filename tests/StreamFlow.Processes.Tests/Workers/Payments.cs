using StreamFlow.Client;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Serialization;
using StreamFlow.Processes.Programs;

namespace StreamFlow.Processes.Tests.Workers;

/// <summary>The input of <see cref="Totals"/>, and the totals recomputed from it the plain way.</summary>
internal sealed class Payments
{
    private readonly Dictionary<string, string> _expected = [];
    private long _number;

    public IReadOnlyDictionary<string, string> Expected => _expected;

    public long Count => _number;

    /// <summary>Sends payments of accounts taken in turn.</summary>
    public async Task SendAsync(ICluster cluster, int count, int accounts, int pauseEvery = int.MaxValue)
    {
        await using var producer = cluster.CreateProducer(ProducerOptions.Default);
        await producer.PartitionsForAsync(Totals.Input);
        var sends = new List<Task>();
        for (var i = 0; i < count; i++)
        {
            var account = $"account{_number % accounts}";
            var key = $"{account}/{_number}";
            sends.Add(producer.SendAsync(Totals.Input, key, _number, Serdes.String, Serdes.Int64).AsTask());
            _expected[account] = Totals.Add(_expected.GetValueOrDefault(account, "0 0 -1"), _number++);
            if (i % pauseEvery == pauseEvery - 1)
            {
                await Task.Delay(5);
            }
        }

        await Task.WhenAll(sends);
    }

    /// <summary>What is wrong with a table; null when nothing is lost, and nothing doubled where that is promised.</summary>
    public string? Complaint(IReadOnlyDictionary<string, string> totals, bool exactlyOnce)
    {
        foreach (var (account, expected) in _expected)
        {
            if (!totals.TryGetValue(account, out var total))
            {
                return $"{account} is missing among {totals.Count} of {_expected.Count} accounts";
            }

            var (want, have) = (Array.ConvertAll(expected.Split(' '), long.Parse), Array.ConvertAll(total.Split(' '), long.Parse));
            var isRight = exactlyOnce ? total == expected : have[0] >= want[0] && have[1] >= want[1] && have[2] == want[2];
            if (!isRight)
            {
                return $"{account}: {total}, expected {(exactlyOnce ? "" : "at least ")}{expected} (count sum greatest)";
            }
        }

        return totals.Count == _expected.Count ? null : $"{totals.Count} accounts instead of {_expected.Count}";
    }
}
