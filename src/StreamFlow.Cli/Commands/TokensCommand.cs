using System.CommandLine;
using System.Globalization;
using StreamFlow.Cli.Shell;
using StreamFlow.Client.Administration;

namespace StreamFlow.Cli.Commands;

/// <summary><c>tokens …</c>: delegation tokens, with which others act for a user without the user's password.</summary>
internal static class TokensCommand
{
    private static readonly Option<string?> Owner = new("--owner")
    {
        Description = "Whose, such as User:alice; your own if left out.", HelpName = "PRINCIPAL",
    };

    private static readonly Option<string[]> Owners = new("--owner")
    {
        Description = "Those that it owns or may renew, such as User:alice; repeatable. All that you may see if left out.",
        HelpName = "PRINCIPAL",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string[]> Renewers = new("--renewer")
    {
        Description = "Who else may renew and expire it, such as User:bob; repeatable.",
        HelpName = "PRINCIPAL",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<long?> MaxLifetime = new("--max-lifetime-ms")
    {
        Description = "How long it can be renewed at the most; the broker's limit if left out.", HelpName = "MS",
    };

    private static readonly Option<long?> Period = new("--period-ms")
    {
        Description = "From now on; to renew the broker's default, to expire at once if left out.", HelpName = "MS",
    };

    private static readonly Argument<string> Hmac = new("HMAC") { Description = "The token's HMAC as create printed it." };

    private static readonly string[] Columns = ["id", "hmac", "owner", "requester", "renewers", "issued", "expires", "max"];

    public static Command Create() =>
        new("tokens", "Creates, renews, expires and describes delegation tokens. Example: tokens create --renewer User:bob")
        {
            CreateOne(),
            Change("renew", "Lets a token live longer. Example: tokens renew HMAC --period-ms 3600000",
                (admin, hmac, period, cancellation) => admin.RenewTokenAsync(hmac, period, cancellation)),
            Change("expire", "Ends a token, at once or in a while. Example: tokens expire HMAC",
                (admin, hmac, period, cancellation) => admin.ExpireTokenAsync(hmac, period, cancellation)),
            Describe(),
        };

    private static Command CreateOne()
    {
        var command = new Command(
            "create", "Makes a token and prints it: log in by SCRAM with its id, its hmac and tokenauth=true. Example: tokens create")
        {
            Owner, Renewers, MaxLifetime,
        };
        command.Runs(async (parsed, cancellation) =>
        {
            await using var cluster = await OpenedCluster.OpenAsync(parsed, cancellation);
            var token = await cluster.Admin.Security.CreateTokenAsync(
                parsed.GetValue(Renewers) ?? [], parsed.GetValue(Owner), SpanOf(parsed.GetValue(MaxLifetime)), cancellation);
            Write(parsed, [token]);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Change(
        string name,
        string description,
        Func<ISecurityAdmin, ReadOnlyMemory<byte>, TimeSpan?, CancellationToken, Task<DateTimeOffset>> change)
    {
        var command = new Command(name, description) { Hmac, Period };
        command.Runs(async (parsed, cancellation) =>
        {
            var hmac = HmacOf(parsed.GetValue(Hmac)!);
            await using var cluster = await OpenedCluster.OpenAsync(parsed, cancellation);
            var end = await change(cluster.Admin.Security, hmac, SpanOf(parsed.GetValue(Period)), cancellation);
            RowOutput.Write(parsed, ["expires"], [[Text(end)]]);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Describe()
    {
        var command = new Command("describe", "Tokens, all that you may see or those of owners. Example: tokens describe") { Owners };
        command.Runs(async (parsed, cancellation) =>
        {
            await using var cluster = await OpenedCluster.OpenAsync(parsed, cancellation);
            var owners = parsed.GetValue(Owners) is { Length: > 0 } given ? given : null;
            Write(parsed, await cluster.Admin.Security.ListTokensAsync(owners, cancellation));
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Write(ParseResult parsed, IReadOnlyList<TokenDescription> tokens) => RowOutput.Write(
        parsed,
        Columns,
        tokens.Select(t => new object?[]
        {
            t.Id, Convert.ToBase64String(t.Hmac.Span), t.Owner, t.Requester, string.Join(' ', t.Renewers), Text(t.Issued), Text(t.Expires),
            Text(t.MaxTime),
        }));

    private static byte[] HmacOf(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length)
            ? bytes[..length]
            : throw new UsageException("the HMAC is not Base64: give it as tokens create printed it");
    }

    private static TimeSpan? SpanOf(long? ms) => ms is { } given ? TimeSpan.FromMilliseconds(given) : null;

    private static string Text(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);
}
