namespace StreamFlow.Cli.Bench.Nexmark;

/// <summary>
/// The random draws of one event: a counter-based generator (SplitMix64) seeded from the event's number, so that any event can be
/// made alone, on any thread. All arithmetic is modulo 2^64; the constants are part of the workload's definition.
/// </summary>
internal struct NexmarkDraws
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private ulong _state;

    /// <summary>Begins the draws of event <paramref name="number"/> in one of the streams (kinds, and 3 for urls).</summary>
    public NexmarkDraws(ulong seed, ulong number, ulong stream) => _state = Mix(seed ^ Mix(unchecked((number * Golden) + stream)));

    public ulong Next()
    {
        unchecked
        {
            _state += Golden;
        }

        return Mix(_state);
    }

    /// <summary>Uniform in 0 … n-1: the high word of the product of one draw and n.</summary>
    public long Below(long n) => (long)Math.BigMul(Next(), (ulong)n, out _);

    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
