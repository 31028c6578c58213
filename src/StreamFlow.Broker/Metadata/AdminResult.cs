using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Metadata;

/// <summary>The outcome of an administrative change.</summary>
/// <param name="Error">None for success.</param>
/// <param name="Message">What is wrong, or null.</param>
internal readonly record struct AdminResult(ErrorCode Error, string? Message = null)
{
    public static AdminResult Success => default;

    public bool IsSuccess => Error == ErrorCode.None;
}
