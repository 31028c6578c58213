using System.CommandLine;
using StreamFlow.Client;
using StreamFlow.Embedded;

namespace StreamFlow.Cli.Shell;

/// <summary>Opens the cluster that the options name.</summary>
internal static class OpenedCluster
{
    public static ValueTask<ICluster> OpenAsync(ParseResult parsed, CancellationToken _) =>
        new(Cluster.OpenAsync(
            GlobalOptions.ClusterOf(parsed),
            ClusterOptions.FromProperties(GlobalOptions.PropertiesOf(parsed).Where(p => ClusterOptions.IsKey(p.Key)))));
}
