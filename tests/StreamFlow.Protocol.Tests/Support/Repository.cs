namespace StreamFlow.Protocol.Tests.Support;

/// <summary>Finds the repository and the reference material beside it, from wherever the tests run.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Definitions => Path.Combine(Root, "src", "StreamFlow.Protocol", "Messages");

    /// <summary>Kafka's own message files, when they lie beside the repository.</summary>
    public static string? KafkaMessages
    {
        get
        {
            var path = Path.Combine(Root, "..", "shared", "reference", "kafka-messages");
            return Directory.Exists(path) ? path : null;
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "StreamFlow.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"no StreamFlow.sln above {AppContext.BaseDirectory}");
    }
}
