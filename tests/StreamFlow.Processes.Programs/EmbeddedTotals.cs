using System.Globalization;

namespace StreamFlow.Processes.Programs;

/// <summary>What the embedded program and its test must agree on.</summary>
public static class EmbeddedTotals
{
    public const string ApplicationId = "embedded-totals";

    public const int Accounts = 50;

    public static string KeyOf(long number) => string.Create(CultureInfo.InvariantCulture, $"account{number % Accounts}/{number}");
}
