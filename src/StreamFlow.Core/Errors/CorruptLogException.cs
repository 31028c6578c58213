namespace StreamFlow.Core.Errors;

/// <summary>Bytes of a log that are damaged. They are reported with their place and never served.</summary>
public sealed class CorruptLogException : StorageException
{
    /// <summary>Creates the error.</summary>
    /// <param name="file">The damaged file.</param>
    /// <param name="position">Byte position in the file at which the damaged batch begins.</param>
    /// <param name="reason">What is wrong there.</param>
    public CorruptLogException(string file, long position, string reason)
        : base($"{file}: damaged at byte {position}: {reason}")
    {
        File = file;
        Position = position;
    }

    /// <summary>The damaged file.</summary>
    public string File { get; }

    /// <summary>Byte position in the file at which the damaged batch begins.</summary>
    public long Position { get; }

    /// <inheritdoc/>
    public override bool IsRetriable => false;
}
