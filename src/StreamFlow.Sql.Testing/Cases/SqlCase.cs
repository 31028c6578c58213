using System.Text.Json;
using StreamFlow.Sql.Testing.Scripts;

namespace StreamFlow.Sql.Testing.Cases;

/// <summary>One conformance case as its file gives it (numbers keep their text), or a test of a <c>.sql</c> file.</summary>
internal sealed record SqlCase
{
    /// <summary>Unique id, <c>suite/file/name</c>.</summary>
    public required string Id { get; init; }

    /// <summary><c>qtt</c>, <c>rest</c> or <c>sql</c>.</summary>
    public required string Suite { get; init; }

    /// <summary>Whether an error is expected.</summary>
    public required bool IsNegative { get; init; }

    public required IReadOnlyList<string> Statements { get; init; }

    public required IReadOnlyDictionary<string, string> Properties { get; init; }

    public required IReadOnlyList<CaseTopic> Topics { get; init; }

    public required IReadOnlyList<CaseRecord> Inputs { get; init; }

    public required IReadOnlyList<CaseRecord> Outputs { get; init; }

    public ExpectedError? Error { get; init; }

    /// <summary>Post-conditions as in the file; null when there are none.</summary>
    public JsonElement? Post { get; init; }

    /// <summary>The test of a <c>.sql</c> file; null for a case of a JSON file.</summary>
    public SqlScript? Script { get; init; }

    /// <summary>Whether floating numbers are compared exactly where the format says so.</summary>
    public bool ExactNumbers => Properties.GetValueOrDefault("use.exact.numeric.comparison") != "false";
}

/// <summary>A topic that exists before the first statement.</summary>
internal sealed record CaseTopic(string Name, int Partitions, CaseSchema? Key, CaseSchema? Value);

/// <summary>A schema registered for one side of a topic.</summary>
internal sealed record CaseSchema(
    string Format, JsonElement Schema, int? Id, IReadOnlyList<(string Name, string Format, JsonElement Schema)> References);

/// <summary>A record to feed or to expect.</summary>
internal sealed record CaseRecord(
    string Topic,
    JsonElement? Key,
    JsonElement? Value,
    long? Timestamp,
    CaseWindow? Window,
    IReadOnlyList<(string Key, byte[]? Value)> Headers);

/// <summary>The window of a windowed key, in ms.</summary>
internal sealed record CaseWindow(bool IsSession, long Start, long End);

/// <summary>The error a negative case expects.</summary>
/// <param name="Phase"><c>parse</c>, <c>statement</c> or <c>runtime</c>.</param>
/// <param name="At"><c>any</c>, <c>last-statement</c> or <c>processing</c>.</param>
internal sealed record ExpectedError(string Phase, string At);
