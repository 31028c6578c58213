namespace StreamFlow.Conformance;

/// <summary>A kind of recorded vectors.</summary>
internal interface IVectorFormat
{
    /// <summary>Runs all cases in a directory, or the one case of a file.</summary>
    void Run(string directory, Tally tally);
}
