using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Sharing.State;

/// <summary>How the share coordinator's errors are told to other brokers.</summary>
internal static class ShareStateErrors
{
    public static string? Describe(ErrorCode error) => error switch
    {
        ErrorCode.None => null,
        ErrorCode.InvalidRequest => "The share partition has no state yet: it has to be begun first.",
        _ => ErrorCodes.Describe(error),
    };

    /// <summary>The outcome of a step once it was made durable, or could not be.</summary>
    public static (ErrorCode Error, string? Message) After(ErrorCode step, ErrorCode flush)
    {
        var error = step == ErrorCode.None ? flush : step;
        return (error, Describe(error));
    }
}
