using System.CommandLine;
using StreamFlow.Cli.Shell;

namespace StreamFlow.Cli.Commands;

/// <summary><c>transactions …</c>: open transactions of producers.</summary>
internal static class TransactionsCommand
{
    public static Command Create() => new("transactions", "Lists and aborts transactions. Example: transactions list") { List(), Abort() };

    private static Command List()
    {
        var command = new Command("list", "Transactional ids with their state. Example: transactions list");
        command.Runs(async (parsed, cancellation) =>
        {
            await using var cluster = await OpenedCluster.OpenAsync(parsed, cancellation);
            var transactions = await cluster.Admin.ListTransactionsAsync(cancellation);
            RowOutput.Write(
                parsed,
                ["transactionalId", "producerId", "state"],
                transactions.OrderBy(
                    t =>
                        t.TransactionalId, StringComparer.Ordinal).Select(t => new object?[] { t.TransactionalId, t.ProducerId, t.State }));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Abort()
    {
        var id = new Argument<string>("TRANSACTIONAL-ID") { Description = "The producer's transactional id." };
        var command = new Command(
            "abort", "Aborts an open transaction and fences its producer. Example: transactions abort billing-1") { id };
        command.Runs(async (parsed, cancellation) =>
        {
            await using var cluster = await OpenedCluster.OpenAsync(parsed, cancellation);
            await cluster.Admin.AbortTransactionAsync(parsed.GetRequiredValue(id), cancellation);
            return ExitCodes.Done;
        });
        return command;
    }
}
