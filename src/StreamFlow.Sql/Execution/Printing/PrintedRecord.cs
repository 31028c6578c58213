using System.Globalization;

namespace StreamFlow.Sql.Execution.Printing;

/// <summary>A record of PRINT.</summary>
/// <param name="Timestamp">Its time in ms since 1970.</param>
/// <param name="Key">The key as text, null for none.</param>
/// <param name="Value">The value as text, null for none.</param>
/// <param name="Partition">Its partition.</param>
/// <param name="Offset">Its offset.</param>
/// <param name="KeyFormat">What the topic's keys seem to be written in, as far as was seen.</param>
/// <param name="ValueFormat">What the topic's values seem to be written in.</param>
public sealed record PrintedRecord(
    long Timestamp, string? Key, string? Value, int Partition, long Offset, string KeyFormat, string ValueFormat)
{
    /// <summary><c>rowtime: 2026/01/31 12:00:00.000 Z, key: k, value: {"A":1}, partition: 0</c>.</summary>
    public override string ToString()
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(Timestamp).ToString("yyyy/MM/dd HH:mm:ss.fff 'Z'", CultureInfo.InvariantCulture);
        return string.Create(
            CultureInfo.InvariantCulture, $"rowtime: {time}, key: {Key ?? "<null>"}, value: {Value ?? "<null>"}, partition: {Partition}");
    }
}
