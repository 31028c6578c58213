using System.Collections;
using System.Globalization;
using System.Reflection;

namespace StreamFlow.Interop.Tests.Differential;

/// <summary>
/// Writes a response as lines that can be compared: everything in it but what differs from one cluster to another or from run to run
/// (addresses, ids, sizes, times) and the words of messages.
/// </summary>
internal static class ResponseText
{
    private static readonly HashSet<string> Ignored = new(StringComparer.Ordinal)
    {
        "ThrottleTimeMs", "Host", "Port", "ClusterId", "NodeEndpoints", "LogDir", "TotalBytes", "UsableBytes", "PartitionSize",
        "Documentation", "ErrorMessage", "BatchIndexErrorMessage", "CoordinatorEpoch", "LastTimestamp", "LogAppendTimeMs", "ApiKey", "LastFetchTimestamp", "LastCaughtUpTimestamp",
        "FinalizedFeaturesEpoch", "ProducerId", "TransactionStartTimeMs", "IsCordoned", "ApiKeys", "SubscriptionId",
    };

    /// <summary>The lines; those of lists of named things are sorted.</summary>
    public static List<string> Of(object? response)
    {
        if (response is null)
        {
            return ["the connection was closed"];
        }

        var lines = new List<string>();
        Write("", response, lines);
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    /// <summary>The words of the messages, for people.</summary>
    public static string Messages(object? response)
    {
        var lines = new List<string>();
        WriteMessages(response, lines);
        return string.Join(" | ", lines);
    }

    private static void Write(string path, object? value, List<string> lines)
    {
        switch (value)
        {
            case null:
                lines.Add($"{path}=null");
                break;
            case Guid id:
                lines.Add($"{path}={(id == Guid.Empty ? "none" : "id")}");
                break;
            case ReadOnlyMemory<byte> bytes:
                lines.Add($"{path}={(bytes.IsEmpty ? "empty" : "bytes")}");
                break;
            case string or ValueType:
                lines.Add($"{path}={Convert.ToString(value, CultureInfo.InvariantCulture)}");
                break;
            case IEnumerable list:
                WriteList(path, list.Cast<object?>().ToList(), lines);
                break;
            default:
                foreach (var property in Properties(value))
                {
                    if (!Ignored.Contains(property.Name))
                    {
                        Write($"{path}.{property.Name}", property.GetValue(value), lines);
                    }
                }

                break;
        }
    }

    private static void WriteList(string path, List<object?> list, List<string> lines)
    {
        if (list.Count == 0)
        {
            lines.Add($"{path}=[]");
        }

        for (var i = 0; i < list.Count; i++)
        {
            Write($"{path}[{NameOf(list[i]) ?? $"{i}"}]", list[i], lines);
        }
    }

    private static string? NameOf(object? element) => element is null or string or ValueType
        ? null
        : Properties(element).FirstOrDefault(p => p.Name is "Name" or "Topic" or "TopicName" or "ResourceName")?.GetValue(element) is string name
            ? name
            : Properties(element).FirstOrDefault(p => p.Name is "PartitionIndex" or "Partition" or "PartitionId" or "Index")
                ?.GetValue(element)?.ToString();

    private static void WriteMessages(object? value, List<string> lines)
    {
        if (value is null or string or ValueType)
        {
            return;
        }

        if (value is IEnumerable list)
        {
            foreach (var element in list)
            {
                WriteMessages(element, lines);
            }

            return;
        }

        foreach (var property in Properties(value))
        {
            if (property.Name is "ErrorMessage" or "BatchIndexErrorMessage")
            {
                if (property.GetValue(value) is string message)
                {
                    lines.Add(message);
                }
            }
            else
            {
                WriteMessages(property.GetValue(value), lines);
            }
        }
    }

    private static IEnumerable<PropertyInfo> Properties(object value) => value.GetType()
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(p => p.GetIndexParameters().Length == 0 && p.GetMethod is { IsPublic: true });
}
