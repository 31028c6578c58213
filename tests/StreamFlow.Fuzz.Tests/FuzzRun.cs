using System.Globalization;
using Xunit.Abstractions;

namespace StreamFlow.Fuzz.Tests;

/// <summary>
/// How many inputs a fuzz test makes and from which seed. <c>STREAMFLOW_FUZZ_INPUTS</c> sets the number, <c>STREAMFLOW_SEED</c> repeats a run.
/// </summary>
internal sealed class FuzzRun
{
    private const int DefaultInputs = 100_000;

    /// <param name="output">Told the seed.</param>
    /// <param name="share">The part of the inputs that this test takes; tests with costly inputs take a small one.</param>
    public FuzzRun(ITestOutputHelper output, double share = 1)
    {
        Seed = NumberOf("STREAMFLOW_SEED") ?? Random.Shared.Next();
        Inputs = Math.Max(1, (int)((NumberOf("STREAMFLOW_FUZZ_INPUTS") ?? DefaultInputs) * share));
        output.WriteLine($"STREAMFLOW_SEED={Seed} STREAMFLOW_FUZZ_INPUTS={Inputs / share:0}");
    }

    public int Seed { get; }

    public int Inputs { get; }

    /// <summary>The randomness of one input. Each has its own, so that a failing one can be repeated without those before it.</summary>
    public Random RandomOf(int input) => new(HashCode(Seed, input));

    /// <summary>Fails, with what repeats the input.</summary>
    public Exception Failure(int input, string what, ReadOnlySpan<byte> bytes, Exception? cause = null) =>
        new InvalidOperationException($"input {input} of STREAMFLOW_SEED={Seed}: {what}\n{Convert.ToHexString(bytes)}", cause);

    private static int? NumberOf(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <summary>The same in every process, unlike <see cref="System.HashCode"/>.</summary>
    private static int HashCode(int seed, int input) => unchecked((int)(((uint)seed * 2654435761u) ^ ((uint)input * 2246822519u)));
}
