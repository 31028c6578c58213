namespace StreamFlow.Cli.Shell;

/// <summary>Lets a part of a command take Ctrl-C for itself: in the REPL it stops a query, not the program. One at a time.</summary>
internal static class Interrupts
{
    private static Action? _handler;

    /// <summary>Calls an action on every SIGINT until the result is disposed.</summary>
    public static IDisposable Redirect(Action handler)
    {
        Volatile.Write(ref _handler, handler);
        return new Redirection();
    }

    /// <summary>Gives a SIGINT to whoever asked for it.</summary>
    /// <returns>False when nobody did.</returns>
    public static bool TryHandle()
    {
        var handler = Volatile.Read(ref _handler);
        handler?.Invoke();
        return handler is not null;
    }

    private sealed class Redirection : IDisposable
    {
        public void Dispose() => Volatile.Write(ref _handler, null);
    }
}
