using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace StreamFlow.Cli.Http;

/// <summary>
/// All instruments of the meters <c>StreamFlow.*</c> and <c>System.Runtime</c> in Prometheus' text format (version 0.0.4): names with
/// underscores, counters end in <c>_total</c>, histograms are summaries of sum and count. Thread safe.
/// </summary>
internal sealed class MetricsPage : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Family> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    public MetricsPage()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name.StartsWith("StreamFlow.", StringComparison.Ordinal) || instrument.Meter.Name == "System.Runtime")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Add(i, value, tags));
        _listener.SetMeasurementEventCallback<int>((i, value, tags, _) => Add(i, value, tags));
        _listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Add(i, value, tags));
        _listener.Start();
    }

    /// <summary>The page as of now.</summary>
    public string Write()
    {
        lock (_gate)
        {
            foreach (var family in _families.Values.Where(f => f.IsObserved))
            {
                family.Series.Clear();
            }
        }

        _listener.RecordObservableInstruments();
        var page = new StringBuilder();
        lock (_gate)
        {
            foreach (var (name, family) in _families)
            {
                family.Write(name, page);
            }
        }

        return page.ToString();
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = Labels(tags);
        lock (_gate)
        {
            var name = PrometheusName(instrument);
            if (!_families.TryGetValue(name, out var family))
            {
                _families.Add(name, family = new Family(instrument));
            }

            var (sum, count) = family.Series.GetValueOrDefault(labels);
            family.Series[labels] = (family.Kind == "gauge" && family.IsObserved ? value : sum + value, count + 1);
        }
    }

    private static string PrometheusName(Instrument instrument)
    {
        var name = new StringBuilder(instrument.Name).Replace('.', '_').Replace('-', '_');
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        if (unit.Length > 0 && !name.ToString().EndsWith(unit, StringComparison.Ordinal))
        {
            name.Append(unit);
        }

        return Family.KindOf(instrument) == "counter" ? name.Append("_total").ToString() : name.ToString();
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.Length == 0)
        {
            return "";
        }

        var text = new StringBuilder("{");
        foreach (var (key, value) in tags)
        {
            var name = key.Replace('.', '_').Replace('-', '_');
            var escaped = string.Format(CultureInfo.InvariantCulture, "{0}", value)
                .Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
                .Replace("\n", "\\n", StringComparison.Ordinal);
            text.Append(text.Length > 1 ? "," : "").Append(name).Append("=\"").Append(escaped).Append('"');
        }

        return text.Append('}').ToString();
    }

    private sealed class Family(Instrument instrument)
    {
        public string Kind { get; } = KindOf(instrument);

        public bool IsObserved { get; } = instrument.IsObservable;

        public SortedDictionary<string, (double Sum, long Count)> Series { get; } = new(StringComparer.Ordinal);

        public static string KindOf(Instrument instrument)
        {
            var type = instrument.GetType().Name;
            return type.Contains("Histogram", StringComparison.Ordinal) ? "summary"
                : type.Contains("UpDown", StringComparison.Ordinal) || type.Contains("Gauge", StringComparison.Ordinal) ? "gauge"
                : "counter";
        }

        public void Write(string name, StringBuilder page)
        {
            if (Series.Count == 0)
            {
                return;
            }

            page.Append(CultureInfo.InvariantCulture, $"# HELP {name} {instrument.Description}\n# TYPE {name} {Kind}\n");
            foreach (var (labels, (sum, count)) in Series)
            {
                if (Kind == "summary")
                {
                    page.Append(CultureInfo.InvariantCulture, $"{name}_sum{labels} {sum}\n{name}_count{labels} {count}\n");
                }
                else
                {
                    page.Append(CultureInfo.InvariantCulture, $"{name}{labels} {sum}\n");
                }
            }
        }
    }
}
