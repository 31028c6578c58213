using System.Xml;

namespace StreamFlow.Broker.Sharing;

/// <summary>Where a share group begins that has no offset yet: <c>share.auto.offset.reset</c>.</summary>
/// <param name="IsLatest">At the end of the log.</param>
/// <param name="Back">At the first record that is not older than this; null for the start of the log, or its end.</param>
internal readonly record struct ShareOffsetReset(bool IsLatest, TimeSpan? Back)
{
    private const string DurationPrefix = "by_duration:";

    public static ShareOffsetReset Latest { get; } = new(true, null);

    /// <summary>Reads <c>latest</c>, <c>earliest</c> or <c>by_duration:</c> with a duration of ISO 8601.</summary>
    /// <returns>False when it is none of them.</returns>
    public static bool TryParse(string text, out ShareOffsetReset reset)
    {
        reset = new ShareOffsetReset(text == "latest", null);
        if (text is "latest" or "earliest")
        {
            return true;
        }

        if (!text.StartsWith(DurationPrefix, StringComparison.Ordinal))
        {
            return false;
        }

        try
        {
            reset = new ShareOffsetReset(false, XmlConvert.ToTimeSpan(text[DurationPrefix.Length..]));
            return reset.Back >= TimeSpan.Zero;
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return false;
        }
    }
}
