namespace StreamFlow.RocksDb;

/// <summary>
/// Owner of one native object. Dispose is idempotent and safe to race with itself; using the object afterwards throws
/// <see cref="ObjectDisposedException"/>. Objects that do not belong to a database (options, batches, caches) are also freed by the
/// finalizer; those that do are freed by their database (<see cref="DatabaseObject"/>).
/// </summary>
public abstract class NativeObject : IDisposable
{
    private nint _handle;

    private protected NativeObject(nint handle) => _handle = handle;

    /// <summary>Frees the native object if the owner forgot to.</summary>
    ~NativeObject() => Release();

    /// <summary>True after <see cref="Dispose()"/>.</summary>
    public bool IsDisposed => _handle == 0;

    /// <summary>The native pointer.</summary>
    /// <exception cref="ObjectDisposedException">The object was disposed, or its database was.</exception>
    internal nint Handle
    {
        get
        {
            var handle = _handle;
            ObjectDisposedException.ThrowIf(handle == 0, this);
            return handle;
        }
    }

    /// <summary>Frees the native object.</summary>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private protected abstract void Destroy(nint handle);

    private void Release()
    {
        var handle = Interlocked.Exchange(ref _handle, 0);
        if (handle != 0)
        {
            Destroy(handle);
        }
    }
}
