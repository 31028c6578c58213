using System.Text.Json;
using StreamFlow.Core.Errors;
using StreamFlow.Sql.Testing.Scripts;

namespace StreamFlow.Sql.Testing.Cases;

/// <summary>Reads conformance case files and <c>.sql</c> tests.</summary>
internal static class CaseLoader
{
    /// <summary>The cases of files, and of all <c>.json</c> and <c>.sql</c> files below folders that have some.</summary>
    /// <exception cref="ConfigurationException">A path does not exist or a file is no case file.</exception>
    public static List<SqlCase> Load(IEnumerable<string> paths)
    {
        var cases = new List<SqlCase>();
        foreach (var path in paths)
        {
            if (Directory.Exists(path))
            {
                foreach (var file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
                {
                    cases.AddRange(Path.GetExtension(file) switch
                    {
                        ".json" => LoadFile(file, mustBeCases: false),
                        ".sql" => LoadScripts(file, Path.GetRelativePath(path, file), mustBeCases: false),
                        _ => [],
                    });
                }
            }
            else if (File.Exists(path))
            {
                cases.AddRange(Path.GetExtension(path) == ".sql"
                    ? LoadScripts(path, Path.GetFileName(path), mustBeCases: true)
                    : LoadFile(path, mustBeCases: true));
            }
            else
            {
                throw new ConfigurationException($"There is no file or folder {path}.");
            }
        }

        return cases;
    }

    private static IEnumerable<SqlCase> LoadScripts(string file, string name, bool mustBeCases) =>
        SqlScript.Read(File.ReadAllText(file), mustBeCases ? "all" : null).Select(script => new SqlCase
        {
            Id = $"sql/{name}/{script.Name}",
            Suite = "sql",
            IsNegative = script.ExpectsError,
            Statements = [],
            Properties = new Dictionary<string, string>(),
            Topics = [],
            Inputs = [],
            Outputs = [],
            Script = script,
        });

    private static List<SqlCase> LoadFile(string file, bool mustBeCases)
    {
        try
        {
            // The document stays alive with its cases: they hold elements of it.
            var root = JsonDocument.Parse(File.ReadAllBytes(file)).RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("cases", out var cases))
            {
                var suite = root.TryGetProperty("suite", out var s) ? s.GetString() ?? "qtt" : "qtt";
                return [.. cases.EnumerateArray().Select(c => Case(c, suite))];
            }
        }
        catch (JsonException e)
        {
            throw new ConfigurationException($"{file} is not JSON: {e.Message}");
        }

        return mustBeCases ? throw new ConfigurationException($"{file} has no \"cases\".") : [];
    }

    private static SqlCase Case(JsonElement c, string suite) => new()
    {
        Id = c.GetProperty("id").GetString()!,
        Suite = Text(c, "suite") ?? suite,
        IsNegative = Text(c, "polarity") == "negative",
        Statements = [.. c.GetProperty("statements").EnumerateArray().Select(s => s.GetString()!)],
        Properties = Fields(c, "properties").ToDictionary(
            p =>
                p.Name, p =>
                    p.Value.ValueKind == JsonValueKind.String ? p.Value.GetString()! : p.Value.GetRawText(), StringComparer.Ordinal),
        Topics = [.. Items(c, "topics").Select(Topic)],
        Inputs = [.. Items(c, "inputs").Select(Record)],
        Outputs = [.. Items(c, "outputs").Select(Record)],
        Error = Present(c, "expectedException") is { } e
            ? new ExpectedError(Text(e, "phase") ?? "statement", Text(e, "at") ?? "any")
            : null,
        Post = Present(c, "post"),
    };

    private static CaseTopic Topic(JsonElement t) => new(
        t.GetProperty("name").GetString()!,
        Present(t, "partitions")?.GetInt32() ?? 1,
        Schema(t, "key"),
        Schema(t, "value"));

    private static CaseSchema? Schema(JsonElement topic, string side) => Present(topic, side + "Schema") is { } schema
        ? new CaseSchema(
            Text(topic, side + "SchemaFormat") ?? "AVRO",
            schema,
            Present(topic, side + "SchemaId")?.GetInt32(),
            [.. Items(topic, side + "SchemaReferences").Select(r =>
                (Text(r, "name")!, Text(r, "format") ?? "AVRO", r.GetProperty("schema")))])
        : null;

    private static CaseRecord Record(JsonElement r) => new(
        r.GetProperty("topic").GetString()!,
        Present(r, "key"),
        Present(r, "value"),
        Present(r, "timestamp")?.GetInt64(),
        Present(r, "window") is { } w
            ? new CaseWindow(Text(w, "type") == "SESSION", w.GetProperty("start").GetInt64(), w.GetProperty("end").GetInt64())
            : null,
        [.. Items(r, "headers").Select(h => (Text(h, "KEY")!, Text(h, "VALUE") is { } v ? Convert.FromBase64String(v) : null))]);

    private static JsonElement? Present(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string? Text(JsonElement element, string name) =>
        Present(element, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static IEnumerable<JsonElement> Items(JsonElement element, string name) =>
        Present(element, name) is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray() : [];

    private static IEnumerable<JsonProperty> Fields(JsonElement element, string name) =>
        Present(element, name) is { ValueKind: JsonValueKind.Object } fields ? fields.EnumerateObject() : [];
}
