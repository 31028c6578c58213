using System.Globalization;
using StreamFlow.Storage.Configuration;

namespace StreamFlow.Broker.Configuration;

/// <summary>A setting of a group.</summary>
/// <param name="Name">Kafka's key, such as <c>consumer.session.timeout.ms</c>.</param>
/// <param name="BrokerName">The key that sets it for all groups; <paramref name="Name"/> when there is none.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="Description">What it does, in a sentence.</param>
/// <param name="Default">Kafka's default, as text.</param>
/// <param name="WhyUnusable">What is wanted instead of a value that the broker's settings do not allow; null when it is allowed.</param>
internal sealed record GroupConfigKey(
    string Name,
    string BrokerName,
    LogConfigType Type,
    string Description,
    string Default,
    Func<string, BrokerOptions, string?> WhyUnusable)
{
    /// <summary>The value that the broker's settings give to all groups, as text.</summary>
    public Func<BrokerOptions, string> ForAllGroups { get; init; } = _ => Default;

    /// <summary>A number between bounds that the broker sets, because many groups share it.</summary>
    public static GroupConfigKey Number(
        string name,
        string brokerName,
        string description,
        Func<BrokerOptions, int> forAll,
        Func<BrokerOptions, (int Least, int Most)> bounds)
    {
        return new GroupConfigKey(name, brokerName, LogConfigType.Int32, description, Text(forAll(new BrokerOptions())), Check)
        {
            ForAllGroups = options => Text(forAll(options)),
        };

        string? Check(string value, BrokerOptions options)
        {
            var (least, most) = bounds(options);
            return int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                && number >= least && number <= most ? null : $"a number from {least} to {most} is wanted";
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
