using StreamFlow.Testing.Processes;

namespace StreamFlow.Interop.Tests;

/// <summary>Node.js with the packages of <c>Scripts/package.json</c>, installed once into <c>artifacts/interop-js</c>.</summary>
internal static class Node
{
    private static readonly string Directory = Path.Combine(Places.Root, "artifacts", "interop-js");
    private static readonly Lock Gate = new();
    private static Task? s_installed;

    /// <summary>Why scripts cannot run; null when they can.</summary>
    public static string? WhyMissing =>
        Places.HasTool("node") && Places.HasTool("npm") ? null : "node and npm are not installed";

    public static async Task<ChildProcess> RunAsync(string script, params string[] arguments)
    {
        await InstalledAsync();
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Scripts", script), Path.Combine(Directory, script), overwrite: true);
        return await ChildProcess.RunAsync("node", [script, .. arguments], directory: Directory);
    }

    private static Task InstalledAsync()
    {
        lock (Gate)
        {
            return s_installed ??= InstallAsync();
        }
    }

    private static async Task InstallAsync()
    {
        System.IO.Directory.CreateDirectory(Directory);
        var wanted = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Scripts", "package.json"));
        var known = Path.Combine(Directory, "package.json");
        if (File.Exists(known) && await File.ReadAllTextAsync(known) == wanted && System.IO.Directory.Exists(Path.Combine(Directory, "node_modules")))
        {
            return;
        }

        await File.WriteAllTextAsync(known, wanted);
        var run = await ChildProcess.RunAsync("npm", ["install", "--no-audit", "--no-fund"], directory: Directory);
        Assert.True(run.ExitCode == 0, "npm install failed: " + run.Errors);
    }
}

/// <summary>A theory that is skipped, visibly, without Node.js.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TheoryOnNodeAttribute : TheoryAttribute
{
    public TheoryOnNodeAttribute() => Skip = Node.WhyMissing;
}

/// <summary>A fact that is skipped, visibly, without Node.js.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactOnNodeAttribute : FactAttribute
{
    public FactOnNodeAttribute() => Skip = Node.WhyMissing;
}
