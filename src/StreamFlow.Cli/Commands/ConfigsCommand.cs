using System.CommandLine;
using StreamFlow.Cli.Shell;
using StreamFlow.Client.Administration;

namespace StreamFlow.Cli.Commands;

/// <summary><c>configs …</c>: settings of topics, brokers and groups; passwords and quotas of users, clients and addresses.</summary>
internal static class ConfigsCommand
{
    private static readonly Argument<ConfigTarget> Type = new("TYPE") { Description = "topic, broker, group, user, client or ip." };

    private static readonly Argument<string> Name = new(
        "NAME") { Description = "The topic, broker id, group, user, client id or address; default for those without an entry." };

    public static Command Create() => new("configs", "Shows and changes settings. Example: configs describe topic orders")
    {
        Describe(), Alter(),
    };

    /// <summary>Pairs as changes: an empty value takes a setting back to its default.</summary>
    public static IEnumerable<ConfigChange> Changes(IReadOnlyDictionary<string, string> pairs) =>
        pairs.Select(p => p.Value.Length == 0
            ? new ConfigChange(p.Key, null, ConfigOperation.Delete)
            : new ConfigChange(p.Key, p.Value));

    private static Command Describe()
    {
        var all = new Option<bool>("--all") { Description = "Defaults too." };
        var command = new Command(
            "describe", "Settings and where they come from. Example: configs describe topic orders --all") { Type, Name, all };
        command.Runs(async (parsed, cancellation) =>
        {
            var (target, name) = (parsed.GetValue(Type), parsed.GetRequiredValue(Name));
            await using var cluster = await OpenedCluster.OpenAsync(parsed, cancellation);
            if (ClientConfigs.IsClient(target))
            {
                await ClientConfigs.DescribeAsync(parsed, cluster.Admin.Security, target, name, cancellation);
                return ExitCodes.Done;
            }

            var resource = new ConfigResource(ResourceTypeOf(target), name);
            var described = await cluster.Admin.DescribeConfigsAsync([resource], cancellation);
            var entries = described[resource].Where(e => parsed.GetValue(all)
                || e.Source != ConfigSource.Default).OrderBy(e => e.Name, StringComparer.Ordinal);
            RowOutput.Write(parsed, ["name", "value", "source"],
                entries.Select(e => new object?[] { e.Name, e.Value, e.Source.ToString() }));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Alter()
    {
        var changes = new Argument<string[]>("K=V")
        {
            Description = "Settings; K= takes one back to its default. For users also SCRAM-SHA-256=[iterations=N,password=P].",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command(
            "alter", "Changes settings. Example: configs alter topic orders retention.ms=3600000") { Type, Name, changes };
        command.Runs(async (parsed, cancellation) =>
        {
            var (target, name) = (parsed.GetValue(Type), parsed.GetRequiredValue(Name));
            var pairs = KeyValues.Parse("configs alter", parsed.GetValue(changes));
            await using var cluster = await OpenedCluster.OpenAsync(parsed, cancellation);
            if (ClientConfigs.IsClient(target))
            {
                await ClientConfigs.AlterAsync(cluster.Admin.Security, target, name, pairs, cancellation);
                return ExitCodes.Done;
            }

            await cluster.Admin.AlterConfigsAsync(new ConfigResource(ResourceTypeOf(target), name), Changes(pairs), cancellation);
            return ExitCodes.Done;
        });
        return command;
    }

    private static ConfigResourceType ResourceTypeOf(ConfigTarget target) => target switch
    {
        ConfigTarget.Topic => ConfigResourceType.Topic,
        ConfigTarget.Broker => ConfigResourceType.Broker,
        _ => ConfigResourceType.Group,
    };
}
