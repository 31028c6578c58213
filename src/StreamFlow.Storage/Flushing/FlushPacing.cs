namespace StreamFlow.Storage.Flushing;

/// <summary>
/// How many requests the next sync of a log waits for. A producer has a few requests in flight and sends the next when one is answered. A
/// sync that begins with the first leaves the others to the next one, so that each answers half of what is in flight. Waiting until all
/// have come back that were in flight when the last sync ended makes one sync of two. Where they do not come back, waiting is left out
/// for twice as many syncs each time.
/// </summary>
internal sealed class FlushPacing
{
    private const int LongestPenalty = 4096;
    private const int MostUnseen = 15;

    private int _inFlight = 1;
    private int _penalty;
    private int _unpaced;
    private int _unseen;

    /// <summary>The requests to wait for; 1: not to wait.</summary>
    public int Wanted => _unpaced > 0 ? 1 : _inFlight;

    /// <summary>
    /// Whether the next sync may keep the thread of its last request: only if all are here that were in flight when the last one ended.
    /// That thread takes no others meanwhile, so one sync of some has to run elsewhere, or it would never be seen that more are in flight.
    /// </summary>
    /// <param name="waiting">How many requests wait for the sync.</param>
    public bool MayKeepCaller(int waiting)
    {
        if (_unpaced > 0 || waiting < _inFlight || _unseen == MostUnseen)
        {
            _unseen = 0;
            return false;
        }

        _unseen++;
        return true;
    }

    /// <summary>A sync has ended, and its requests are about to be answered.</summary>
    /// <param name="answered">How many they are.</param>
    /// <param name="waiting">How many came while it ran.</param>
    public void OnSynced(int answered, int waiting)
    {
        if (_unpaced > 0)
        {
            _unpaced--;
        }
        else if (answered < _inFlight)
        {
            _penalty = Math.Clamp(_penalty * 2, 1, LongestPenalty);
            _unpaced = _penalty;
        }
        else if (_inFlight > 1 && _penalty > 0)
        {
            _penalty--;
        }

        _inFlight = answered + waiting;
    }
}
