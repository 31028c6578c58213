namespace StreamFlow.Testing.Snapshots;

/// <summary>What a test produced is not what its verified file says; the message shows the first line that differs.</summary>
public sealed class SnapshotMismatchException : Exception
{
    internal SnapshotMismatchException(string verified, string received, string? expected, string actual)
        : base(Describe(verified, received, expected, actual))
    {
    }

    private static string Describe(string verified, string received, string? expected, string actual)
    {
        var how = $"received: {received}\nverified: {verified}\nto accept: run with {Snapshot.AcceptVariable}=1, then review the diff";
        if (expected is null)
        {
            return $"there is no verified file yet\n{how}";
        }

        var old = expected.Split('\n');
        var now = actual.Split('\n');
        var line = 0;
        while (line < old.Length && line < now.Length && old[line] == now[line])
        {
            line++;
        }

        var oldLine = line < old.Length ? old[line] : "(end of file)";
        var nowLine = line < now.Length ? now[line] : "(end of file)";
        return $"first difference in line {line + 1}\n  verified: {oldLine}\n  received: {nowLine}\n{how}";
    }
}
