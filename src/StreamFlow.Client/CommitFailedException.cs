using StreamFlow.Core.Errors;

namespace StreamFlow.Client;

/// <summary>
/// The group refused a commit because this member is not, or not any more, part of its current generation. The partitions may belong
/// to somebody else by now. Poll again to rejoin.
/// </summary>
public sealed class CommitFailedException : BrokerException
{
    /// <summary>Creates the error from the broker's answer.</summary>
    /// <param name="errorCode">The broker's code.</param>
    /// <param name="what">What was asked for.</param>
    public CommitFailedException(ErrorCode errorCode, string what)
        : base(errorCode, what, "the member has to rejoin its group: poll again; when processing takes long, raise max.poll.interval.ms")
    {
    }
}
