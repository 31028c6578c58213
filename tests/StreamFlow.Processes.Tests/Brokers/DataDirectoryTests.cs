using StreamFlow.Processes.Tests.Workers;
using StreamFlow.Testing.Processes;

namespace StreamFlow.Processes.Tests.Brokers;

public sealed class DataDirectoryTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("streamflow-directory-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    [Trait("Category", "E2E")]
    public async Task A_second_process_says_who_holds_the_directory_and_gets_it_when_the_first_has_gone()
    {
        var data = Path.Combine(_root, "data");
        await using (var first = await BrokerProcess.StartAsync(data))
        {
            await using var second = await ChildProcess.RunStreamFlowAsync("broker", "--data", data, "--listen", "127.0.0.1:0");
            Assert.Equal(1, second.ExitCode);
            Assert.Contains($"{data} is in use by process {first.Process.Id}", second.Errors, StringComparison.Ordinal);
            Assert.Single(second.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            await first.Process.KillAsync();
        }

        await using var next = await BrokerProcess.StartAsync(data);
        await next.Process.StopAsync();
    }
}
