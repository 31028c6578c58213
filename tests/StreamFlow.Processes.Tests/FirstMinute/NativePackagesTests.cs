using StreamFlow.Testing.Processes;

namespace StreamFlow.Processes.Tests.FirstMinute;

/// <summary>What <c>eng/native-packages.sh</c> decides on machines of all kinds, which fake programs in front of the path play.</summary>
[Trait("Category", "E2E")]
public sealed class NativePackagesTests : IDisposable
{
    private const string All = "librocksdb.so.7.8 liblz4.so.1 libzstd.so.1 libsnappy.so.1";
    private readonly string _fakes = Directory.CreateTempSubdirectory("streamflow-fakes-").FullName;

    private string Calls => Path.Combine(_fakes, "calls");

    public void Dispose() => Directory.Delete(_fakes, recursive: true);

    [Fact]
    public async Task Nothing_happens_when_all_libraries_are_there()
    {
        await using var run = await RunAsync(libraries: All);

        Assert.Equal((0, "", false), (run.ExitCode, run.Errors, File.Exists(Calls)));
    }

    [Fact]
    public async Task Root_installs_what_is_missing_and_nothing_else()
    {
        await using var run = await RunAsync(libraries: "liblz4.so.1 libsnappy.so.1");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("installing librocksdb7.8 libzstd1", run.Errors);
        Assert.Equal(["update -qq", "install -y -qq librocksdb7.8 libzstd1"], await File.ReadAllLinesAsync(Calls));
    }

    [Fact]
    public async Task Newer_distribution_gets_the_rocksdb_it_has()
    {
        await using var run = await RunAsync(libraries: "liblz4.so.1 libzstd.so.1 libsnappy.so.1", rocksdb: "librocksdb8.9 librocksdb9.10");

        Assert.Equal("installing librocksdb9.10", run.Errors);
    }

    [Fact]
    public async Task Others_are_told_the_one_command_to_run()
    {
        await using var run = await RunAsync(libraries: "", user: 1000);

        Assert.Equal(1, run.ExitCode);
        Assert.EndsWith(
            "Run: sudo apt-get install -y librocksdb7.8 liblz4-1 libzstd1 libsnappy1v5", run.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Calls));
    }

    [Fact]
    public async Task Installation_that_fails_says_what_to_run()
    {
        await using var run = await RunAsync(libraries: "", aptWorks: false);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("could not install them; run: apt-get update && apt-get install -y librocksdb7.8", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Machine_without_apt_is_told_what_the_libraries_are()
    {
        await using var run = await RunAsync(libraries: "liblz4.so.1", hasApt: false);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("RocksDB (7.8 or newer), Zstandard, Snappy", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Library_file_of_the_users_own_counts()
    {
        await using var run = await RunAsync(libraries: "liblz4.so.1 libzstd.so.1 libsnappy.so.1", ownRocksDb: "/opt/librocksdb.so");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
    }

    private async Task<ChildProcess> RunAsync(
        string libraries, int user = 0, bool aptWorks = true, bool hasApt = true, string rocksdb = "librocksdb7.8", string ownRocksDb = "")
    {
        Fake("ldconfig", string.Join('\n', libraries.Split(' ').Select(l => $"echo '\t{l} (libc6,x86-64) => /usr/lib/{l}'")));
        Fake("id", $"echo {user}");
        if (hasApt)
        {
            Fake("apt-get", $"echo \"$*\" >> {Calls}\nexit {(aptWorks ? 0 : 100)}");
            Fake("apt-cache", string.Join('\n', rocksdb.Split(' ').Select(p => $"echo '{p} - a library'")));
        }

        foreach (var tool in new[] { "sort", "tail", "cut" })
        {
            File.CreateSymbolicLink(Path.Combine(_fakes, tool), $"/usr/bin/{tool}");
        }

        var script = Path.Combine(Places.Root, "eng", "native-packages.sh");
        return await ChildProcess.RunAsync(
            "/bin/bash", ["-c", $"source '{script}' && streamflow_native_packages"],
            environment: new Dictionary<string, string> { ["PATH"] = _fakes, ["STREAMFLOW_ROCKSDB"] = ownRocksDb });
    }

    private void Fake(string name, string body)
    {
        var path = Path.Combine(_fakes, name);
        File.WriteAllText(path, "#!/bin/bash\n" + body + "\n");
        Places.MakeExecutable(path);
    }
}
