using System.Runtime.CompilerServices;

namespace StreamFlow.Testing.Snapshots;

/// <summary>
/// Compares text with a file that a person has reviewed, with the file conventions of Verify: <c>Class.Method.verified.txt</c> lies
/// beside the test; on a difference <c>Class.Method.received.txt</c> is written next to it and the test fails. With the environment
/// variable <see cref="AcceptVariable"/> set to 1 the verified file is rewritten instead: look at the diff before committing it.
/// </summary>
public static class Snapshot
{
    /// <summary>Set to 1 to take what was received for verified.</summary>
    public const string AcceptVariable = "STREAMFLOW_ACCEPT_SNAPSHOTS";

    /// <summary>Compares with <c>Class.Method[_variant].verified.txt</c>; the class is taken from the name of the test's file.</summary>
    /// <param name="actual">What the test produced. Line ends are written as <c>\n</c>, and one is added at the end when missing.</param>
    /// <param name="variant">Tells the cases of one method apart, or null.</param>
    /// <param name="sourceFile">Filled in by the compiler.</param>
    /// <param name="method">Filled in by the compiler.</param>
    /// <exception cref="SnapshotMismatchException">The texts differ, or there is no verified file yet.</exception>
    public static void Verify(
        string actual, string? variant = null, [CallerFilePath] string sourceFile = "", [CallerMemberName] string method = "")
    {
        var name = Path.GetFileNameWithoutExtension(sourceFile) + "." + method + (variant is null ? "" : "_" + variant);
        VerifyFile(actual, Path.Combine(Path.GetDirectoryName(sourceFile)!, name));
    }

    /// <summary>Compares with <c>FOLDER/NAME.verified.txt</c>, where the folder lies beside the test's file.</summary>
    /// <param name="actual">What the test produced.</param>
    /// <param name="folder">A folder for many files of one kind.</param>
    /// <param name="name">The file's name without its ending.</param>
    /// <param name="sourceFile">Filled in by the compiler.</param>
    /// <exception cref="SnapshotMismatchException">The texts differ, or there is no verified file yet.</exception>
    public static void VerifyIn(string actual, string folder, string name, [CallerFilePath] string sourceFile = "") =>
        VerifyFile(actual, Path.Combine(Path.GetDirectoryName(sourceFile)!, folder, name));

    private static void VerifyFile(string actual, string pathWithoutEnding)
    {
        var text = actual.ReplaceLineEndings("\n");
        text = text.EndsWith('\n') ? text : text + "\n";
        var verified = pathWithoutEnding + ".verified.txt";
        var received = pathWithoutEnding + ".received.txt";
        var expected = File.Exists(verified) ? File.ReadAllText(verified).ReplaceLineEndings("\n") : null;
        if (text == expected)
        {
            File.Delete(received);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(pathWithoutEnding)!);
        if (Environment.GetEnvironmentVariable(AcceptVariable) == "1")
        {
            File.WriteAllText(verified, text);
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, text);
        throw new SnapshotMismatchException(verified, received, expected, text);
    }
}
