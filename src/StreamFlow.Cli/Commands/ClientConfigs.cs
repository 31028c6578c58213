using System.CommandLine;
using System.Globalization;
using StreamFlow.Cli.Shell;
using StreamFlow.Client.Administration;
using StreamFlow.Core.Security;

namespace StreamFlow.Cli.Commands;

/// <summary>SCRAM passwords and quotas, written as Kafka's <c>kafka-configs</c> writes them.</summary>
internal static class ClientConfigs
{
    private const string DefaultName = "default";
    private const int DefaultIterations = 4096;

    public static bool IsClient(ConfigTarget target) => target is ConfigTarget.User or ConfigTarget.Client or ConfigTarget.Ip;

    public static async Task DescribeAsync(
        ParseResult parsed, ISecurityAdmin admin, ConfigTarget target, string name, CancellationToken cancellation)
    {
        var entity = EntityOf(target, name);
        var rows = new List<object?[]>();
        if (target == ConfigTarget.User)
        {
            var users = await admin.ListScramUsersAsync(cancellation);
            rows.AddRange(users.Where(u => u.Name == name).Select(u => new object?[] { u.Mechanism, $"iterations={u.Iterations}" }));
        }

        var quotas = await admin.ListQuotasAsync(cancellation);
        rows.AddRange(quotas.Where(q => q.Entity == entity).Select(q => new object?[] { q.Key, q.Value }));
        RowOutput.Write(parsed, ["name", "value"], rows);
    }

    public static async Task AlterAsync(
        ISecurityAdmin admin, ConfigTarget target, string name, IReadOnlyDictionary<string, string> pairs, CancellationToken cancellation)
    {
        foreach (var (key, value) in pairs)
        {
            if (target == ConfigTarget.User && ScramMechanism.Find(key.ToUpperInvariant()) is { } mechanism)
            {
                await AlterPasswordAsync(admin, name, mechanism, value, cancellation);
            }
            else
            {
                await admin.SetQuotaAsync(EntityOf(target, name), key, value.Length == 0 ? null : NumberOf(key, value), cancellation);
            }
        }
    }

    private static Task AlterPasswordAsync(
        ISecurityAdmin admin, string user, ScramMechanism mechanism, string value, CancellationToken cancellation)
    {
        if (value.Length == 0)
        {
            return admin.DeleteScramUserAsync(user, mechanism, cancellation);
        }

        var parts = KeyValues.Parse(mechanism.Name, value.Trim('[', ']').Split(','));
        if (!parts.TryGetValue("password", out var password))
        {
            throw new UsageException($"{mechanism.Name}: write [iterations=N,password=P], iterations may be left out");
        }

        var iterations = parts.TryGetValue("iterations", out var text) ? (int)NumberOf("iterations", text) : DefaultIterations;
        return admin.UpsertScramUserAsync(user, mechanism, password, iterations, cancellation);
    }

    private static double NumberOf(string key, string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new UsageException($"{key}={value}: a number is expected");

    private static QuotaEntity EntityOf(ConfigTarget target, string name)
    {
        var entity = name == DefaultName ? "" : name;
        return target switch
        {
            ConfigTarget.User => new QuotaEntity(User: entity),
            ConfigTarget.Client => new QuotaEntity(ClientId: entity),
            _ => new QuotaEntity(Ip: entity),
        };
    }
}
