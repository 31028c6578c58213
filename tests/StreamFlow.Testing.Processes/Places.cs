using System.Reflection;

namespace StreamFlow.Testing.Processes;

/// <summary>Where things are.</summary>
public static class Places
{
    /// <summary>The root of the repository.</summary>
    public static string Root { get; } =
        typeof(Places).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "RepositoryRoot").Value!;

    /// <summary>The built program.</summary>
    public static string Program => Output("StreamFlow.Cli", "streamflow.dll");

    /// <summary>The launcher of the Kafka kit beside the repository; null when it is not there.</summary>
    public static string? Kafka { get; } = Find("shared/kafka/kafka");

    /// <summary>A file of another project's output, which lies beside this one's: <c>bin/PROJECT/release</c>.</summary>
    public static string Output(string project, string file) =>
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", project, "release", file));

    /// <summary>Whether a program is on the path.</summary>
    public static bool HasTool(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(d => File.Exists(Path.Combine(d, name)));

    /// <summary>Lets a script be started by its name; Windows needs nothing for that.</summary>
    public static void MakeExecutable(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Why a Python module cannot be used; null when Debian's package of it is installed.</summary>
    public static string? WhyNoPython(string module) =>
        HasTool("python3") && Directory.Exists($"/usr/lib/python3/dist-packages/{module}")
            ? null
            : $"the Python module {module} is not installed";

    private static string? Find(string relative)
    {
        for (var directory = new DirectoryInfo(Root); directory is not null; directory = directory.Parent)
        {
            var path = Path.Combine(directory.FullName, relative);
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
