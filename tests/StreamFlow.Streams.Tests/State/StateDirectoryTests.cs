using StreamFlow.Core.IO;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.Runtime.Assignment;
using StreamFlow.Streams.State.Persistent;

namespace StreamFlow.Streams.Tests.State;

public sealed class StateDirectoryTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("streamflow-state-").FullName;
    private readonly SystemFileSystem _files = SystemFileSystem.Instance;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Second_owner_is_told_who_holds_the_directory()
    {
        using var first = StateDirectory.Open(_files, _root, "app", Guid.NewGuid);
        var error = Assert.Throws<StateDirectoryInUseException>(() => StateDirectory.Open(_files, _root, "app", Guid.NewGuid));
        Assert.Contains($"process {Environment.ProcessId}", error.Message, StringComparison.Ordinal);
        Assert.Contains(first.Path, error.Message, StringComparison.Ordinal);
        using var other = StateDirectory.Open(_files, _root, "another-app", Guid.NewGuid);
    }

    [Fact]
    public void Process_id_and_tasks_survive_a_restart()
    {
        Guid id;
        using (var first = StateDirectory.Open(_files, _root, "app", Guid.NewGuid))
        {
            id = first.ProcessId;
            Directory.CreateDirectory(first.TaskPath(new TaskId(1, 2)));
            first.NoteProgress(new TaskId(1, 2), 42);
            Directory.CreateDirectory(Path.Combine(first.Path, "something_else"));
        }

        using var second = StateDirectory.Open(_files, _root, "app", Guid.NewGuid);
        Assert.Equal(id, second.ProcessId);
        Assert.Equal([new LocalTask(new TaskId(1, 2), 42)], second.ListTasks());
        second.Wipe(new TaskId(1, 2));
        Assert.Empty(second.ListTasks());
    }

    [Fact]
    public void Progress_that_cannot_be_noted_or_read_is_none()
    {
        using var directory = StateDirectory.Open(_files, _root, "app", Guid.NewGuid);
        directory.NoteProgress(new TaskId(0, 0), 7);
        Assert.Empty(directory.ListTasks());
        Directory.CreateDirectory(directory.TaskPath(new TaskId(0, 1)));
        File.WriteAllText(Path.Combine(directory.TaskPath(new TaskId(0, 1)), ".progress"), "torn-");
        Assert.Equal([new LocalTask(new TaskId(0, 1), 0)], directory.ListTasks());
    }
}
