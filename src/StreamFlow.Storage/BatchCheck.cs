using StreamFlow.Core.Errors;

namespace StreamFlow.Storage;

/// <summary>Whether a batch may be appended, and if not, why.</summary>
internal readonly record struct BatchCheck(ErrorCode Error, string? Reason)
{
    public static BatchCheck Accept => default;
}
