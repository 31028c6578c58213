using System.Text.Json;

namespace StreamFlow.Conformance.Streams;

/// <summary>The vectors of the streams DSL (<c>streams/FORMAT.md</c>): topologies as data, inputs and recorded outputs.</summary>
internal sealed class StreamsFormat : IVectorFormat
{
    public void Run(string directory, Tally tally)
    {
        var cases = Directory.Exists(Path.Combine(directory, "cases")) ? Path.Combine(directory, "cases") : directory;
        foreach (var file in Directory.EnumerateFiles(cases, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            if (document.RootElement.TryGetProperty("topology", out _))
            {
                Run(document.RootElement, tally);
            }
        }
    }

    private static void Run(JsonElement json, Tally tally)
    {
        var name = json.GetProperty("name").GetString()!;
        tally.Add(name, FirstFailure(json));
    }

    private static string? FirstFailure(JsonElement json)
    {
        foreach (var run in json.GetProperty("runs").EnumerateArray())
        {
            try
            {
                var (topology, context) = Interpreter.Build(json);
                var failure = NamesCheck.Compare(json, topology) ?? new CaseRun(json, run, topology, context).Execute();
                if (failure is not null)
                {
                    return $"run {run.GetProperty("seed")}, {failure}";
                }
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                var at = e.StackTrace?.Split('\n').FirstOrDefault()?.Trim();
                return $"run {run.GetProperty("seed")}, {e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")} {at}";
            }
        }

        return null;
    }
}
