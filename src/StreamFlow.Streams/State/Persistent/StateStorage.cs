using StreamFlow.Core.IO;
using StreamFlow.Core.Memory;
using StreamFlow.Core.Topics;
using StreamFlow.RocksDb;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.Runtime.Assignment;

namespace StreamFlow.Streams.State.Persistent;

/// <summary>
/// The disk state of one instance: its directory, held until this is disposed, and what its databases share. Made by the application, used
/// by all its threads (each task by one thread at a time); disposed after the last task is closed.
/// </summary>
internal sealed class StateStorage : IDisposable
{
    private readonly IFileSystem _files;
    private readonly RocksDbEnvironment _environment;
    private readonly StateDirectory _directory;

    private StateStorage(IFileSystem files, StateDirectory directory, RocksDbEnvironment environment) =>
        (_files, _directory, _environment) = (files, directory, environment);

    /// <summary>Identity of this instance across restarts.</summary>
    public Guid ProcessId => _directory.ProcessId;

    /// <summary>Takes the state directory of an application.</summary>
    /// <exception cref="StateDirectoryInUseException">Another process holds it.</exception>
    /// <exception cref="Core.Errors.MissingNativeLibraryException">RocksDB is not installed.</exception>
    public static StateStorage Open(IFileSystem files, StreamsOptions options, MemoryBudget memory, Func<Guid> newId)
    {
        RocksDbLibrary.Load();
        var directory = StateDirectory.Open(files, Path.GetFullPath(options.StateDirectory), options.ApplicationId, newId);
        return new StateStorage(files, directory, new RocksDbEnvironment(memory, options.MemtableBytes));
    }

    /// <summary>Tasks with state on this disk.</summary>
    public IReadOnlyList<LocalTask> ListTasks() => _directory.ListTasks();

    /// <summary>Opens the stores of a task. A damaged database is thrown away: its changelogs have everything.</summary>
    /// <exception cref="StoresInUseException">Another thread of this process has them open.</exception>
    public RocksDbStateBackend OpenTask(
        TaskId task, IReadOnlyList<StoreDescriptor> stores, Func<StoreDescriptor, IChangelogWriter?> changelogs)
    {
        try
        {
            return new RocksDbStateBackend(OpenDatabase(task, stores), changelogs);
        }
        catch (RocksDbException e) when (e.IsCorruption)
        {
            Wipe(task);
            return new RocksDbStateBackend(OpenDatabase(task, stores), changelogs);
        }
        catch (RocksDbException e) when (e.IsLocked)
        {
            throw new StoresInUseException(task, e);
        }
    }

    private TaskDatabase OpenDatabase(TaskId task, IReadOnlyList<StoreDescriptor> stores) => TaskDatabase.Open(
        _environment, _directory.TaskPath(task), stores, progress => _directory.NoteProgress(task, progress));

    /// <summary>Throws a task's state away; its database is closed.</summary>
    public void Wipe(TaskId task) => _directory.Wipe(task);

    /// <summary>Fills a store from its changelog, from where the state on disk ends.</summary>
    public StoreRestorer Restore(RocksDbStateBackend backend, StoreDescriptor store, TopicPartition changelog) =>
        new(backend.Database, backend.Open(store), changelog, _environment, _files);

    /// <inheritdoc/>
    public void Dispose()
    {
        _environment.Dispose();
        _directory.Dispose();
    }
}
