using System.Diagnostics.Metrics;

namespace StreamFlow.Broker.Telemetry;

/// <summary>
/// Shows what clients have pushed as gauges of the meter <c>StreamFlow.Broker.Clients</c>: the clients' own names, tagged with the
/// client's id and instance. Bounded: series beyond the limit are dropped, and those of a client that has gone are forgotten. Thread safe.
/// </summary>
internal sealed class ClientMetricsMeter(IMeterFactory? factory) : IDisposable
{
    private const int MostNames = 1000;
    private const int MostSeries = 10_000;

    private readonly Lock _gate = new();
    private readonly Meter _meter = factory?.Create("StreamFlow.Broker.Clients") ?? new Meter("StreamFlow.Broker.Clients");
    private readonly Dictionary<string, Dictionary<string, Series>> _byName = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>Takes what a client has pushed.</summary>
    public void Take(Guid instance, string clientId, List<OtlpMetric> metrics)
    {
        lock (_gate)
        {
            foreach (var metric in metrics)
            {
                Take(instance, clientId, metric);
            }
        }
    }

    /// <summary>Forgets a client.</summary>
    public void Forget(Guid instance)
    {
        lock (_gate)
        {
            foreach (var series in _byName.Values)
            {
                foreach (var gone in series.Where(s => s.Value.Instance == instance).ToList())
                {
                    series.Remove(gone.Key);
                    _count--;
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private void Take(Guid instance, string clientId, OtlpMetric metric)
    {
        if (!_byName.TryGetValue(metric.Name, out var series))
        {
            if (_byName.Count >= MostNames || metric.Name.Length == 0)
            {
                return;
            }

            series = new Dictionary<string, Series>(StringComparer.Ordinal);
            _byName.Add(metric.Name, series);
            _meter.CreateObservableGauge(metric.Name, () => Observe(series), metric.Unit, "Pushed by clients (KIP-714)");
        }

        var key = $"{instance}|{string.Join('|', metric.Attributes.Select(a => $"{a.Key}={a.Value}"))}";
        if (series.TryGetValue(key, out var known))
        {
            known.Value = metric.IsDelta ? known.Value + metric.Value : metric.Value;
        }
        else if (_count < MostSeries)
        {
            _count++;
            series.Add(key, new Series(instance, metric.Value,
            [
                new("client_id", clientId), new("client_instance_id", instance.ToString()),
                .. metric.Attributes.Select(a => new KeyValuePair<string, object?>(a.Key, a.Value)),
            ]));
        }
    }

    private List<Measurement<double>> Observe(Dictionary<string, Series> series)
    {
        lock (_gate)
        {
            return [.. series.Values.Select(s => new Measurement<double>(s.Value, s.Tags))];
        }
    }

    private sealed class Series(Guid instance, double value, KeyValuePair<string, object?>[] tags)
    {
        public Guid Instance => instance;

        public double Value { get; set; } = value;

        public KeyValuePair<string, object?>[] Tags => tags;
    }
}
