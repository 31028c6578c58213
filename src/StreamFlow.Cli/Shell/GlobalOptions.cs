using System.CommandLine;
using StreamFlow.Client;

namespace StreamFlow.Cli.Shell;

/// <summary>The options that every command has.</summary>
internal static class GlobalOptions
{
    private const string DefaultCluster = "embedded:./streamflow-data";

    public static Option<string?> Cluster { get; } = new("--cluster", "-c")
    {
        Description = $"Where the topics are: embedded:DIR, memory:, or HOST:PORT[,HOST:PORT]. "
            + $"[default: $STREAMFLOW_CLUSTER, else {DefaultCluster}]",
        HelpName = "CLUSTER",
        Recursive = true,
    };

    public static Option<string[]> Set { get; } = new("--set")
    {
        Description = "Sets a configuration key; repeatable.",
        HelpName = "KEY=VALUE",
        Recursive = true,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    public static Option<FileInfo?> Config { get; } = new("--config")
    {
        Description = "Reads KEY=VALUE lines from a file; --set goes first.",
        HelpName = "FILE",
        Recursive = true,
    };

    public static Option<OutputFormat> Output { get; } = new("--output")
    {
        Description = "text: tables for a terminal, plain lines elsewhere; json: one object a line.",
        Recursive = true,
        DefaultValueFactory = _ => OutputFormat.Text,
    };

    public static Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "Prints the stack of an error too, and what the program logs.",
        Recursive = true,
    };

    public static void AddTo(RootCommand root)
    {
        root.Options.Add(Cluster);
        root.Options.Add(Set);
        root.Options.Add(Config);
        root.Options.Add(Output);
        root.Options.Add(Verbose);
    }

    /// <summary>The cluster string: the option, else the environment, else the default.</summary>
    public static string ClusterOf(ParseResult parsed) =>
        parsed.GetValue(Cluster) ?? Environment.GetEnvironmentVariable("STREAMFLOW_CLUSTER") ?? DefaultCluster;

    /// <summary>The cluster string when one was given at all, else null.</summary>
    public static string? ExplicitClusterOf(ParseResult parsed) =>
        parsed.GetValue(Cluster) ?? Environment.GetEnvironmentVariable("STREAMFLOW_CLUSTER");

    /// <summary>All configuration keys given by file and options; the options win.</summary>
    /// <exception cref="UsageException">A line or option is not KEY=VALUE, or the file cannot be read.</exception>
    public static IReadOnlyDictionary<string, string> PropertiesOf(ParseResult parsed)
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        if (parsed.GetValue(Config) is { } file)
        {
            ReadFile(file, properties);
        }

        foreach (var (key, value) in KeyValues.Parse("--set", parsed.GetValue(Set)))
        {
            properties[key] = value;
        }

        return properties;
    }

    /// <summary>The keys that are not of the cluster as a whole, but of a producer, a consumer or an application.</summary>
    public static IEnumerable<KeyValuePair<string, string>> ClientPropertiesOf(ParseResult parsed) =>
        PropertiesOf(parsed).Where(p => !ClusterOptions.IsKey(p.Key));

    private static void ReadFile(FileInfo file, Dictionary<string, string> properties)
    {
        if (!file.Exists)
        {
            throw new UsageException($"--config {file}: there is no such file");
        }

        var lines = new List<string>();
        foreach (var line in File.ReadLines(file.FullName))
        {
            var text = line.Trim();
            if (text.Length > 0 && text[0] is not ('#' or '!'))
            {
                lines.Add(text);
            }
        }

        foreach (var (key, value) in KeyValues.Parse($"--config {file}:", lines))
        {
            properties[key] = value;
        }
    }
}
