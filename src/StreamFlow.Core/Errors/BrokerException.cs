namespace StreamFlow.Core.Errors;

/// <summary>A broker answered a request with an error code.</summary>
public class BrokerException : StreamFlowException
{
    /// <summary>Creates the error from the broker's answer.</summary>
    /// <param name="errorCode">The code of the answer.</param>
    /// <param name="what">What was asked for and of what, such as <c>produce to orders-3</c>.</param>
    /// <param name="detail">The broker's own message, or null.</param>
    public BrokerException(ErrorCode errorCode, string what, string? detail = null)
        : base(detail is null ? $"{what}: {ErrorCodes.Describe(errorCode)}" : $"{what}: {ErrorCodes.Describe(errorCode)} ({detail})")
    {
        ErrorCode = errorCode;
    }

    /// <summary>The code of the broker's answer.</summary>
    public ErrorCode ErrorCode { get; }

    /// <inheritdoc/>
    public override bool IsRetriable => ErrorCodes.IsRetriable(ErrorCode);
}
