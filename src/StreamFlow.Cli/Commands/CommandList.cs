using System.CommandLine;
using StreamFlow.Cli.Bench;
using StreamFlow.Cli.Demo;
using StreamFlow.Cli.Sql;

namespace StreamFlow.Cli.Commands;

/// <summary>Every command of the program, in the order in which help lists them.</summary>
internal static class CommandList
{
    public static void AddTo(RootCommand root)
    {
        root.Subcommands.Add(DemoCommand.Create());
        root.Subcommands.Add(BrokerCommand.Create());
        root.Subcommands.Add(SqlCommand.Create());
        root.Subcommands.Add(WorkerCommand.Create());
        root.Subcommands.Add(TopologyCommand.Create());
        root.Subcommands.Add(TopicsCommand.Create());
        root.Subcommands.Add(GroupsCommand.Create());
        root.Subcommands.Add(TransactionsCommand.Create());
        root.Subcommands.Add(ConfigsCommand.Create());
        root.Subcommands.Add(AclsCommand.Create());
        root.Subcommands.Add(TokensCommand.Create());
        root.Subcommands.Add(ProduceCommand.Create());
        root.Subcommands.Add(ConsumeCommand.Create());
        root.Subcommands.Add(DlqCommand.Create());
        root.Subcommands.Add(LogCommand.Create());
        root.Subcommands.Add(TestCommand.Create());
        root.Subcommands.Add(BenchCommand.Create());
        root.Subcommands.Add(CompletionCommand.Create());
    }
}
