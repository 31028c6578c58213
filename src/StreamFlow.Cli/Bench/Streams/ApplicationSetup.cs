using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Cli.Bench.Streams;

/// <summary>What differs between runs of the topologies.</summary>
/// <param name="Id">The application id.</param>
/// <param name="Topology">The topology's name.</param>
/// <param name="Input">The topic it reads.</param>
/// <param name="Input2">The second topic of a join; null without one.</param>
/// <param name="Output">The topic it writes.</param>
/// <param name="State">The state directory.</param>
/// <param name="Threads">Loops.</param>
/// <param name="CacheBytes">Bytes of row cache; 0 sends every update downstream at once.</param>
/// <param name="CommitMs">Commit interval in ms.</param>
/// <param name="ExactlyOnce">Whether results are exact.</param>
internal sealed record ApplicationSetup(
    string Id, string Topology, string Input, string? Input2, string Output, string State, int Threads, long CacheBytes, int CommitMs,
    bool ExactlyOnce)
{
    private const int BytesPerCachedRow = 100;
    private static readonly TimeSpan Forever = TimeSpan.FromDays(36_500);

    public static ApplicationSetup Of(ParseResult parsed)
    {
        var topology = parsed.GetRequiredValue(StreamsBenchOptions.Topology);
        var output = parsed.GetRequiredValue(StreamsBenchOptions.OutputTopic);
        return new(
            parsed.GetValue(StreamsBenchOptions.ApplicationId) ?? $"{topology}-{output}",
            topology,
            parsed.GetRequiredValue(StreamsBenchOptions.Input),
            parsed.GetValue(StreamsBenchOptions.Input2),
            output,
            Path.GetFullPath(parsed.GetRequiredValue(StreamsBenchOptions.State)),
            parsed.GetValue(StreamsBenchOptions.Threads),
            parsed.GetValue(StreamsBenchOptions.Cache),
            parsed.GetValue(StreamsBenchOptions.CommitMs),
            parsed.GetValue(StreamsBenchOptions.Eos) || topology == "eos-count");
    }

    /// <summary>The topics it reads from outside.</summary>
    public IReadOnlyList<string> Inputs => Input2 is null ? [Input] : [Input, Input2];

    /// <summary>The local state of the application.</summary>
    public string StateOfApplication => Path.Combine(State, Id);

    /// <summary>The same under another id and output, for warming up.</summary>
    public ApplicationSetup WarmUp(string input, string? input2) =>
        this with { Id = Id + "-warmup", Input = input, Input2 = input2, Output = Output + "-warmup" };

    public StreamsOptions ToOptions() => new()
    {
        ApplicationId = Id,
        StateDirectory = State,
        Threads = Threads,
        CommitInterval = TimeSpan.FromMilliseconds(CommitMs),
        Guarantee = ExactlyOnce ? ProcessingGuarantee.ExactlyOnceV2 : ProcessingGuarantee.AtLeastOnce,
        CachedRows = (int)Math.Max(1, CacheBytes / BytesPerCachedRow),

        // The events' times lie in the past: the changelogs of windows would be emptied at once.
        ChangelogExtraRetention = Forever,
    };

    /// <summary>The settings as results show them.</summary>
    public Dictionary<string, object> Describe() => new(StringComparer.Ordinal)
    {
        ["threads"] = Threads,
        ["cacheBytes"] = CacheBytes,
        ["commitMs"] = CommitMs,
        ["guarantee"] = ExactlyOnce ? "exactly_once_v2" : "at_least_once",
        ["streamflow"] = typeof(StreamsOptions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
        ["runtime"] = RuntimeInformation.FrameworkDescription,
    };
}
