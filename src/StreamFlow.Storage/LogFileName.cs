using System.Globalization;

namespace StreamFlow.Storage;

/// <summary>
/// The names of a partition's files: the base offset in 20 digits and a suffix. The names are Kafka's and may not change.
/// </summary>
internal static class LogFileName
{
    public const string Log = ".log";
    public const string OffsetIndex = ".index";
    public const string TimeIndex = ".timeindex";
    public const string TransactionIndex = ".txnindex";
    public const string ProducerSnapshot = ".snapshot";

    /// <summary>Behind a file or directory that is to be removed and may still be read.</summary>
    public const string Deleted = ".deleted";

    /// <summary>Behind the output of a cleaning that is not complete; thrown away at the next start.</summary>
    public const string Cleaned = ".cleaned";

    /// <summary>Behind the output of a complete cleaning that takes the place of the segments it was made from.</summary>
    public const string Swap = ".swap";

    /// <summary>Behind the directory of a partition that is being deleted.</summary>
    public const string DeletedDirectory = "-delete";

    public static string Of(string directory, long baseOffset, string suffix) =>
        Path.Combine(directory, baseOffset.ToString("D20", CultureInfo.InvariantCulture) + suffix);

    /// <summary>The offset of a file of exactly this suffix, or null.</summary>
    public static long? OffsetOf(string fileName, string suffix)
    {
        if (!fileName.EndsWith(suffix, StringComparison.Ordinal))
        {
            return null;
        }

        var digits = fileName.AsSpan(0, fileName.Length - suffix.Length);
        return digits.Length == 20 && long.TryParse(
            digits, NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? offset : null;
    }
}
