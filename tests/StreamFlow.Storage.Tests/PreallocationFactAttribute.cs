namespace StreamFlow.Storage.Tests;

/// <summary>A test that needs a file system that can set room aside; it says so where that is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PreallocationFactAttribute : FactAttribute
{
    public PreallocationFactAttribute() => Skip = AllocatedBytes.Missing;
}
