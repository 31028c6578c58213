using StreamFlow.Testing.Processes;

namespace StreamFlow.Processes.Tests.Misfortunes;

/// <summary>Wrong words, wrong cluster strings and a missing library: one line that helps, and the right exit code.</summary>
[Trait("Category", "E2E")]
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--data", "broker", "--dat", "x")]
    [InlineData("topics", "topcs", "list")]
    [InlineData("describe", "topics", "descrbe", "x")]
    public async Task Misspelt_word_is_answered_with_the_nearest_one(string nearest, params string[] arguments)
    {
        await using var run = await ChildProcess.RunStreamFlowAsync(arguments);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"did you mean '{nearest}'?", OnlyLine(run), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("embeded:x")]
    [InlineData("embedded:")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:99999")]
    public async Task Wrong_cluster_string_is_answered_with_what_is_allowed(string cluster)
    {
        await using var run = await ChildProcess.RunStreamFlowAsync("topics", "list", "-c", cluster);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"'{cluster}'", OnlyLine(run), StringComparison.Ordinal);
        Assert.Contains("embedded:DIR", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no.such.key=1", "no.such.key")]
    [InlineData("log.segment.bytes=many", "segment.bytes")]
    public async Task Wrong_setting_is_named(string setting, string key)
    {
        await using var run = await ChildProcess.RunStreamFlowAsync("broker", "--data", "unused", "--set", setting);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(key, OnlyLine(run), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Completion_script_offers_the_words_that_fit()
    {
        var root = Directory.CreateTempSubdirectory("streamflow-completion-").FullName;
        var program = Path.Combine(root, "streamflow");
        await File.WriteAllTextAsync(program, $"#!/bin/bash\nexec dotnet '{Places.Program}' \"$@\"\n");
        Places.MakeExecutable(program);
        const string Script = """
            source <(streamflow completion bash)
            COMP_LINE='streamflow topics de' COMP_POINT=20 COMP_WORDS=(streamflow topics de) COMP_CWORD=2
            _streamflow
            printf '%s\n' "${COMPREPLY[@]}"
            """;

        await using var run = await ChildProcess.RunAsync(
            "/bin/bash", ["-c", Script],
            environment: new Dictionary<string, string> { ["PATH"] = root + ":" + Environment.GetEnvironmentVariable("PATH") });

        Assert.Equal(["delete", "describe"], run.Lines.Order(StringComparer.Ordinal));
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task Missing_native_library_says_what_to_install()
    {
        var root = Directory.CreateTempSubdirectory("streamflow-library-").FullName;
        await using var broker = await BrokerProcess.StartAsync(Path.Combine(root, "data"));
        await ChildProcess.RunStreamFlowAsync("topics", "create", "payments", "totals", "-c", broker.Address);

        await using var worker = await ChildProcess.RunAsync(
            "dotnet",
            [
                Places.Program, "worker", "-c", broker.Address, "--application-id", "a", "--state", Path.Combine(root, "state"), "--topology",
                Places.Output("StreamFlow.Processes.Programs", "StreamFlow.Processes.Programs.dll") + ":Totals",
            ],
            environment: new Dictionary<string, string> { ["STREAMFLOW_ROCKSDB"] = "/nowhere/librocksdb.so" });

        Assert.Equal(1, worker.ExitCode);
        Assert.Contains("apt-get install librocksdb7.8", OnlyLine(worker), StringComparison.Ordinal);
        await broker.Process.StopAsync();
        Directory.Delete(root, recursive: true);
    }

    private static string OnlyLine(ChildProcess run) => Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
}
