using System.Globalization;

namespace StreamFlow.Peers.Confluent;

/// <summary>Options of the command line: <c>--name value</c>, or <c>--name</c> alone.</summary>
internal sealed class CommandLine
{
    private readonly Dictionary<string, string> _values = [];

    public string Cluster => _values["cluster"];

    public string Topic => _values["topic"];

    public int Records => Number("records", 0);

    public int Warmup => Number("warmup", 0);

    public int Size => Number("size", 100);

    public int Acks => Number("acks", -1);

    public string Compression => _values.GetValueOrDefault("compression", "none");

    public bool HasReports => _values.ContainsKey("delivery-reports");

    public static CommandLine Parse(string[] words)
    {
        var line = new CommandLine();
        for (var i = 0; i < words.Length; i++)
        {
            var name = words[i].TrimStart('-');
            var hasValue = i + 1 < words.Length && !words[i + 1].StartsWith("--", StringComparison.Ordinal);
            line._values[name] = hasValue ? words[++i] : "";
        }

        return line;
    }

    private int Number(string name, int otherwise) =>
        _values.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
