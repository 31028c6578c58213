using System.Text.Json;

namespace StreamFlow.Conformance;

/// <summary>A kind of recorded vectors.</summary>
internal interface IVectorFormat
{
    /// <summary>The name of its folder below <c>conformance</c>; also of its list of known gaps.</summary>
    string Name { get; }

    /// <summary>Whether a file holds vectors of this kind.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="content">Its content; of a <c>.jsonl</c> file the first line.</param>
    bool Recognizes(string file, JsonElement content);

    /// <summary>Runs the cases of files that it recognizes.</summary>
    Task RunAsync(IReadOnlyList<string> files, Tally tally);
}
