using Xunit;

namespace StreamFlow.Testing.Processes;

/// <summary>A fact that is skipped, visibly, when the Kafka kit or Java is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactOnKafkaAttribute : FactAttribute
{
    public FactOnKafkaAttribute() => Skip = KafkaNode.WhyMissing;
}

/// <summary>A fact that is skipped, visibly, when the Kafka kit or a Java compiler is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactOnKafkaWithJdkAttribute : FactAttribute
{
    public FactOnKafkaWithJdkAttribute() =>
        Skip = KafkaNode.WhyMissing ?? (Places.HasTool("javac") ? null : "there is no Java compiler");
}

/// <summary>A theory that is skipped, visibly, when the Kafka kit or Java is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TheoryOnKafkaAttribute : TheoryAttribute
{
    public TheoryOnKafkaAttribute() => Skip = KafkaNode.WhyMissing;
}

/// <summary>A fact that is skipped, visibly, when a program is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactIfToolAttribute : FactAttribute
{
    public FactIfToolAttribute(string tool) => Skip = Places.HasTool(tool) ? null : $"{tool} is not installed";
}

/// <summary>A theory that is skipped, visibly, when a program is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TheoryIfToolAttribute : TheoryAttribute
{
    public TheoryIfToolAttribute(string tool) => Skip = Places.HasTool(tool) ? null : $"{tool} is not installed";
}

/// <summary>A fact that is skipped, visibly, when Debian's package of a Python module is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactIfPythonAttribute : FactAttribute
{
    public FactIfPythonAttribute(string module) => Skip = Places.WhyNoPython(module);
}

/// <summary>A theory that is skipped, visibly, when Debian's package of a Python module is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TheoryIfPythonAttribute : TheoryAttribute
{
    public TheoryIfPythonAttribute(string module) => Skip = Places.WhyNoPython(module);
}
