namespace StreamFlow.Storage.Flushing;

/// <summary>
/// How many requests of a log one sync answers. Producers with several requests on their way send the next ones when the last are
/// answered, so that a sync begun with the first of them would leave the others to a second one, of the same price. A group therefore
/// waits for as many requests as the last one had; a log whose requests come one by one never waits. Not thread safe: its log's lock
/// guards it.
/// </summary>
internal struct FlushGroup
{
    private int _expected;
    private int _size;

    /// <summary>Whether a group that begins now is to wait for more.</summary>
    public readonly bool IsWorthWaiting => _expected > 1;

    /// <summary>Counts a request in.</summary>
    /// <returns>Whether those that were waited for are all there with it.</returns>
    public bool Join() => ++_size == _expected;

    /// <summary>Ends the group: its sync begins.</summary>
    public void Close()
    {
        _expected = _size;
        _size = 0;
    }
}
