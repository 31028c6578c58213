using System.CommandLine;
using StreamFlow.Cli.Shell;
using StreamFlow.Core.Security;

namespace StreamFlow.Cli.Commands;

/// <summary><c>acls …</c>: who may do what.</summary>
internal static class AclsCommand
{
    private static readonly Option<string?> Topic = new("--topic") { Description = "A topic; * for all.", HelpName = "NAME" };
    private static readonly Option<string?> Group = new("--group") { Description = "A group; * for all.", HelpName = "NAME" };

    private static readonly Option<string?> TransactionalId = new(
        "--transactional-id") { Description = "A transactional id; * for all.", HelpName = "NAME" };

    private static readonly Option<bool> WholeCluster = new("--whole-cluster") { Description = "The cluster itself." };
    private static readonly Option<bool> Prefixed = new("--prefixed") { Description = "The name is the beginning of names." };

    private static readonly Option<string[]> Operations = new("--operation")
    {
        Description = "read, write, create, delete, alter, describe, all, ...; repeatable.",
        HelpName = "OPERATION",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string?> Host = new(
        "--host") { Description = "The client's address; any if left out.", HelpName = "IP" };

    private static readonly Option<string?> Allow = new(
        "--allow") { Description = "Who is allowed, such as User:alice.", HelpName = "PRINCIPAL" };

    private static readonly Option<string?> Deny = new(
        "--deny") { Description = "Who is denied; goes before --allow.", HelpName = "PRINCIPAL" };

    private static readonly string[] Columns = ["resource", "name", "pattern", "principal", "host", "operation", "permission"];

    public static Command Create() =>
        new("acls", "Lists, adds and removes ACLs. Example: acls add --allow User:alice --operation read --topic orders")
        {
            List(), Add(), Remove(),
        };

    private static Command List()
    {
        var command = WithOptions(new Command("list", "ACLs, all or those that fit. Example: acls list --topic orders"));
        command.Runs(async (parsed, cancellation) =>
        {
            await using var cluster = await OpenedCluster.OpenAsync(parsed, cancellation);
            foreach (var filter in FiltersOf(parsed, AclPatternType.Match))
            {
                Write(parsed, await cluster.Admin.Security.ListAclsAsync(filter, cancellation));
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Add()
    {
        var command = WithOptions(new Command(
            "add", "Adds ACLs. Example: acls add --allow User:alice --operation read write --topic orders"));
        command.Runs(async (parsed, cancellation) =>
        {
            var (type, name) = ResourceOf(parsed) ?? throw new UsageException(
                "acls add: say what for with --topic, --group, --transactional-id or --whole-cluster");
            var (principal, permission) = WhoOf(parsed) ?? throw new UsageException("acls add: say who with --allow or --deny");
            var pattern = parsed.GetValue(Prefixed) ? AclPatternType.Prefixed : AclPatternType.Literal;
            var operations = OperationsOf(parsed);
            if (operations.Count == 0)
            {
                throw new UsageException("acls add: say which with --operation");
            }

            await using var cluster = await OpenedCluster.OpenAsync(parsed, cancellation);
            await cluster.Admin.Security.CreateAclsAsync(
                operations.Select(o => new AclBinding(
                    type, name, pattern, principal, parsed.GetValue(Host) ?? AclBinding.Wildcard, o, permission)),
                cancellation);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Remove()
    {
        var command = WithOptions(new Command(
            "remove", "Removes the ACLs that fit and prints them. Example: acls remove --allow User:alice --topic orders"));
        command.Runs(async (parsed, cancellation) =>
        {
            if (ResourceOf(parsed) is null && WhoOf(parsed) is null)
            {
                throw new UsageException("acls remove: say which, by resource or with --allow or --deny");
            }

            await using var cluster = await OpenedCluster.OpenAsync(parsed, cancellation);
            var pattern = parsed.GetValue(Prefixed) ? AclPatternType.Prefixed : AclPatternType.Literal;
            foreach (var filter in FiltersOf(parsed, pattern))
            {
                Write(parsed, await cluster.Admin.Security.DeleteAclsAsync(filter, cancellation));
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static Command WithOptions(Command command)
    {
        Option[] options = [Topic, Group, TransactionalId, WholeCluster, Prefixed, Operations, Host, Allow, Deny];
        foreach (var option in options)
        {
            command.Options.Add(option);
        }

        return command;
    }

    private static void Write(ParseResult parsed, IReadOnlyList<AclBinding> acls) => RowOutput.Write(
        parsed,
        Columns,
        acls.Select(a => new object?[]
        {
            a.ResourceType.ToString(), a.ResourceName, a.PatternType.ToString(), a.Principal, a.Host, a.Operation.ToString(),
            a.Permission.ToString(),
        }));

    /// <summary>One filter for each operation named, or one for all.</summary>
    private static IEnumerable<AclFilter> FiltersOf(ParseResult parsed, AclPatternType pattern)
    {
        var resource = ResourceOf(parsed);
        var who = WhoOf(parsed);
        var filter = new AclFilter(
            resource?.Type ?? AclResourceType.Any,
            resource?.Name,
            resource is null ? AclPatternType.Any : pattern,
            who?.Principal,
            parsed.GetValue(Host),
            Permission: who?.Permission ?? AclPermission.Any);
        var operations = OperationsOf(parsed);
        return operations.Count == 0 ? [filter] : operations.Select(o => filter with { Operation = o });
    }

    private static (AclResourceType Type, string Name)? ResourceOf(ParseResult parsed) =>
        parsed.GetValue(Topic) is { } topic ? (AclResourceType.Topic, topic)
        : parsed.GetValue(Group) is { } group ? (AclResourceType.Group, group)
        : parsed.GetValue(TransactionalId) is { } id ? (AclResourceType.TransactionalId, id)
        : parsed.GetValue(WholeCluster) ? (AclResourceType.Cluster, AclBinding.ClusterName)
        : null;

    private static (string Principal, AclPermission Permission)? WhoOf(ParseResult parsed) =>
        parsed.GetValue(Deny) is { } denied ? (denied, AclPermission.Deny)
        : parsed.GetValue(Allow) is { } allowed ? (allowed, AclPermission.Allow)
        : null;

    private static List<AclOperation> OperationsOf(ParseResult parsed) => [.. (parsed.GetValue(Operations) ?? []).Select(text =>
        Enum.TryParse<AclOperation>(
            text.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var operation)
            && operation > AclOperation.Any
            ? operation
            : throw new UsageException($"--operation {text}: allowed are "
                + string.Join(", ", Enum.GetNames<AclOperation>().Skip(2)).ToLowerInvariant()))];
}
