using System.Globalization;
using System.Text;
using StreamFlow.Core.Errors;
using StreamFlow.Core.IO;
using StreamFlow.Streams.Runtime;
using StreamFlow.Streams.Runtime.Assignment;

namespace StreamFlow.Streams.State.Persistent;

/// <summary>
/// Where an application keeps its stores: <c>STATE_DIR/APPLICATION_ID/SUBTOPOLOGY_PARTITION</c>. One process at a time; a file says which.
/// The process id kept here (a UUID) survives restarts, so that tasks come back to the instance that has their state.
/// </summary>
internal sealed class StateDirectory : IDisposable
{
    private const string LockName = ".lock";
    private const string OwnerName = ".owner";
    private const string ProcessIdName = ".process-id";
    private const string ProgressName = ".progress";

    private readonly IFileSystem _files;
    private readonly IDisposable _lock;

    private StateDirectory(IFileSystem files, string path, IDisposable held, Guid processId) =>
        (_files, Path, _lock, ProcessId) = (files, path, held, processId);

    /// <summary>The application's directory.</summary>
    public string Path { get; }

    /// <summary>Identity of this instance across restarts.</summary>
    public Guid ProcessId { get; }

    /// <summary>Takes the directory of an application, creating it.</summary>
    /// <param name="files">The file system.</param>
    /// <param name="root">The state directory of the machine.</param>
    /// <param name="applicationId">The application.</param>
    /// <param name="newId">Makes a process id when the directory has none yet.</param>
    /// <exception cref="StorageException">Somebody else holds it; the message says who.</exception>
    public static StateDirectory Open(IFileSystem files, string root, string applicationId, Func<Guid> newId)
    {
        var path = System.IO.Path.Combine(root, applicationId);
        files.CreateDirectory(path);
        IDisposable held;
        try
        {
            held = files.Lock(System.IO.Path.Combine(path, LockName));
        }
        catch (StorageException e)
        {
            throw new StateDirectoryInUseException(path, ReadOwner(files, path), e);
        }

        try
        {
            WriteOwner(files, path);
            return new StateDirectory(files, path, held, ReadOrCreateProcessId(files, path, newId));
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>The directory of a task's stores.</summary>
    public string TaskPath(TaskId task) => System.IO.Path.Combine(Path, task.ToString());

    /// <summary>The tasks that have state here.</summary>
    public IReadOnlyList<LocalTask> ListTasks()
    {
        var tasks = new List<LocalTask>();
        foreach (var name in _files.ListDirectories(Path))
        {
            var cut = name.IndexOf('_', StringComparison.Ordinal);
            if (cut > 0
                && int.TryParse(name.AsSpan(0, cut), NumberStyles.None, CultureInfo.InvariantCulture, out var subtopology)
                && int.TryParse(name.AsSpan(cut + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var partition))
            {
                var task = new TaskId(subtopology, partition);
                tasks.Add(new LocalTask(task, ReadProgress(task)));
            }
        }

        return tasks;
    }

    /// <summary>Notes how far a task's state on disk has come; others compare it when tasks are given out.</summary>
    public void NoteProgress(TaskId task, long progress)
    {
        try
        {
            _files.WriteAtomically(ProgressPath(task), Encoding.UTF8.GetBytes(progress.ToString(CultureInfo.InvariantCulture)));
        }
        catch (StorageException)
        {
            // Only a hint: the state itself is where it should be; an older number makes it look further behind than it is.
        }
    }

    /// <summary>Removes a task's state; it is restored from changelogs when it comes back.</summary>
    public void Wipe(TaskId task) => _files.DeleteDirectory(TaskPath(task));

    /// <inheritdoc/>
    public void Dispose()
    {
        _files.DeleteFile(System.IO.Path.Combine(Path, OwnerName));
        _lock.Dispose();
    }

    private string ProgressPath(TaskId task) => System.IO.Path.Combine(TaskPath(task), ProgressName);

    private long ReadProgress(TaskId task)
    {
        try
        {
            var path = ProgressPath(task);
            return _files.FileExists(path)
                && long.TryParse(_files.ReadAllBytes(path), NumberStyles.None, CultureInfo.InvariantCulture, out var progress)
                    ? progress
                    : 0;
        }
        catch (StorageException)
        {
            // Another thread of this process is throwing the task's state away.
            return 0;
        }
    }

    private static void WriteOwner(IFileSystem files, string path) => files.WriteAtomically(
        System.IO.Path.Combine(path, OwnerName),
        Encoding.UTF8.GetBytes($"process {Environment.ProcessId} ({System.IO.Path.GetFileName(Environment.ProcessPath)}) on "
            + $"{Environment.MachineName}"));

    private static string ReadOwner(IFileSystem files, string path)
    {
        var file = System.IO.Path.Combine(path, OwnerName);
        return files.FileExists(file) ? Encoding.UTF8.GetString(files.ReadAllBytes(file)) : "another process";
    }

    private static Guid ReadOrCreateProcessId(IFileSystem files, string path, Func<Guid> newId)
    {
        var file = System.IO.Path.Combine(path, ProcessIdName);
        if (files.FileExists(file) && Guid.TryParse(Encoding.UTF8.GetString(files.ReadAllBytes(file)), out var known))
        {
            return known;
        }

        var id = newId();
        files.WriteAtomically(file, Encoding.UTF8.GetBytes(id.ToString()));
        return id;
    }
}
