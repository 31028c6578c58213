namespace StreamFlow.Broker.Tests.Interop;

/// <summary>A fact that is skipped, visibly, when a program is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactIfToolAttribute : FactAttribute
{
    public FactIfToolAttribute(string tool)
    {
        if (!Tool.Exists(tool))
        {
            Skip = $"{tool} is not installed";
        }
    }
}

/// <summary>A theory that is skipped, visibly, when a program is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TheoryIfToolAttribute : TheoryAttribute
{
    public TheoryIfToolAttribute(string tool)
    {
        if (!Tool.Exists(tool))
        {
            Skip = $"{tool} is not installed";
        }
    }
}

/// <summary>A fact that is skipped, visibly, when a Python module is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactIfPythonAttribute : FactAttribute
{
    public FactIfPythonAttribute(string module)
    {
        if (!Tool.HasPythonModule(module))
        {
            Skip = $"the Python module {module} is not installed";
        }
    }
}
