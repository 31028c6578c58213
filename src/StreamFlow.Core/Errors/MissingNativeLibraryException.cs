namespace StreamFlow.Core.Errors;

/// <summary>A native library that is not installed on this machine.</summary>
public sealed class MissingNativeLibraryException : StreamFlowException
{
    /// <summary>Creates the error.</summary>
    /// <param name="library">The library's common name, such as <c>lz4</c>.</param>
    /// <param name="tried">The file names that were tried.</param>
    /// <param name="install">The command that installs it.</param>
    public MissingNativeLibraryException(string library, IEnumerable<string> tried, string install)
        : base($"The native library {library} is not installed (tried {string.Join(", ", tried)}). Install it with: {install}")
    {
        Library = library;
    }

    /// <summary>The library's common name.</summary>
    public string Library { get; }
}
