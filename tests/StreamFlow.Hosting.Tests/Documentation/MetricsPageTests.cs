using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Hosting.Tests.Documentation;

/// <summary><c>docs/metrics.md</c>: every instrument that a broker and an application make.</summary>
public sealed class MetricsPageTests
{
    [Fact]
    public async Task Page_lists_every_instrument_of_the_code()
    {
        var found = new SortedDictionary<string, Instrument>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                lock (found)
                {
                    if (instrument.Meter.Name.StartsWith("StreamFlow.", StringComparison.Ordinal))
                    {
                        found[instrument.Name] = instrument;
                    }
                }
            },
        };
        listener.Start();
        await using var test = await TestHost.CreateAsync("a");
        var streams = new StreamsBuilder();
        streams.Stream<string, string>("a").To("b");
        await using var application = new StreamsApplication(streams.Build(), new StreamsOptions { ApplicationId = "x" }, test.Cluster);

        var page = new StringBuilder("""
            # Metrics

            Written from the code; a test fails when it is stale. Instruments of `System.Diagnostics.Metrics` with UCUM units, in one meter per project: any
            listener sees them (`dotnet-counters monitor --counters StreamFlow.Streams`, OpenTelemetry), and `--http` of `streamflow broker` and `worker` serves
            them at `/metrics` in Prometheus' text format, dots as underscores, counters with `_total`, beside .NET's own `System.Runtime`.

            | meter | instrument | kind | unit | meaning |
            | --- | --- | --- | --- | --- |

            """);
        lock (found)
        {
            foreach (var (name, instrument) in found)
            {
                var kind = instrument.GetType().Name.Split('`')[0].Replace("Observable", "", StringComparison.Ordinal);
                page.Append(GeneratedPage.Row(
                    instrument.Meter.Name, $"`{name}`", kind.ToLower(CultureInfo.InvariantCulture), instrument.Unit ?? "", instrument.Description ?? ""));
            }
        }

        GeneratedPage.Verify("metrics.md", page.ToString());
    }
}
