using System.Globalization;
using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Telemetry;

/// <summary>
/// Reads the numbers out of OpenTelemetry's <c>MetricsData</c> (protobuf): gauges and sums, which is what Kafka's clients push.
/// Layout: metrics data, resource metrics (field 1), scope metrics (2), metric (2), gauge (5) or sum (7), data points (1).
/// </summary>
internal static class OtlpMetrics
{
    private const ulong DeltaTemporality = 1;

    /// <summary>Every number of the message.</summary>
    /// <exception cref="SerializationException">The bytes are no such message.</exception>
    public static List<OtlpMetric> Read(ReadOnlySpan<byte> bytes)
    {
        var metrics = new List<OtlpMetric>();
        var data = new ProtobufReader(bytes);
        while (data.TryNext())
        {
            if (data.Field != 1)
            {
                data.Skip();
                continue;
            }

            var resource = new ProtobufReader(data.ReadBytes());
            while (resource.TryNext())
            {
                if (resource.Field == 2)
                {
                    ReadScope(resource.ReadBytes(), metrics);
                }
                else
                {
                    resource.Skip();
                }
            }
        }

        return metrics;
    }

    private static void ReadScope(ReadOnlySpan<byte> bytes, List<OtlpMetric> metrics)
    {
        var scope = new ProtobufReader(bytes);
        while (scope.TryNext())
        {
            if (scope.Field == 2)
            {
                ReadMetric(scope.ReadBytes(), metrics);
            }
            else
            {
                scope.Skip();
            }
        }
    }

    private static void ReadMetric(ReadOnlySpan<byte> bytes, List<OtlpMetric> metrics)
    {
        var (name, unit) = ("", "");
        ReadOnlySpan<byte> points = default;
        var metric = new ProtobufReader(bytes);
        while (metric.TryNext())
        {
            switch (metric.Field)
            {
                case 1:
                    name = metric.ReadString();
                    break;
                case 3:
                    unit = metric.ReadString();
                    break;
                case 5 or 7:
                    points = metric.ReadBytes();
                    break;
                default:
                    metric.Skip();
                    break;
            }
        }

        ReadPoints(name, unit, points, metrics);
    }

    private static void ReadPoints(string name, string unit, ReadOnlySpan<byte> bytes, List<OtlpMetric> metrics)
    {
        var first = metrics.Count;
        var isDelta = false;
        var points = new ProtobufReader(bytes);
        while (points.TryNext())
        {
            switch (points.Field)
            {
                case 1:
                    metrics.Add(ReadPoint(name, unit, points.ReadBytes()));
                    break;
                case 2:
                    isDelta = points.ReadNumber() == DeltaTemporality;
                    break;
                default:
                    points.Skip();
                    break;
            }
        }

        for (var i = first; isDelta && i < metrics.Count; i++)
        {
            metrics[i] = metrics[i] with { IsDelta = true };
        }
    }

    private static OtlpMetric ReadPoint(string name, string unit, ReadOnlySpan<byte> bytes)
    {
        var value = 0.0;
        var attributes = new List<KeyValuePair<string, string>>();
        var point = new ProtobufReader(bytes);
        while (point.TryNext())
        {
            switch (point.Field)
            {
                case 4:
                    value = BitConverter.UInt64BitsToDouble(point.ReadFixed64());
                    break;
                case 6:
                    value = (long)point.ReadFixed64();
                    break;
                case 7:
                    attributes.Add(ReadAttribute(point.ReadBytes()));
                    break;
                default:
                    point.Skip();
                    break;
            }
        }

        return new OtlpMetric(name, unit, value, false, attributes);
    }

    private static KeyValuePair<string, string> ReadAttribute(ReadOnlySpan<byte> bytes)
    {
        var (key, value) = ("", "");
        var attribute = new ProtobufReader(bytes);
        while (attribute.TryNext())
        {
            switch (attribute.Field)
            {
                case 1:
                    key = attribute.ReadString();
                    break;
                case 2:
                    value = ReadValue(attribute.ReadBytes());
                    break;
                default:
                    attribute.Skip();
                    break;
            }
        }

        return new(key, value);
    }

    private static string ReadValue(ReadOnlySpan<byte> bytes)
    {
        var text = "";
        var value = new ProtobufReader(bytes);
        while (value.TryNext())
        {
            switch (value.Field)
            {
                case 1:
                    text = value.ReadString();
                    break;
                case 2:
                    text = value.ReadNumber() == 0 ? "false" : "true";
                    break;
                case 3:
                    text = ((long)value.ReadNumber()).ToString(CultureInfo.InvariantCulture);
                    break;
                case 4:
                    text = BitConverter.UInt64BitsToDouble(value.ReadFixed64()).ToString(CultureInfo.InvariantCulture);
                    break;
                default:
                    value.Skip();
                    break;
            }
        }

        return text;
    }
}
