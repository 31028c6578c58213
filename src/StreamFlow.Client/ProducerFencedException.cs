using StreamFlow.Core.Errors;

namespace StreamFlow.Client;

/// <summary>
/// A newer producer with the same transactional id exists, so this one may never write again: close it. Its open transaction
/// was aborted by the newer one.
/// </summary>
public sealed class ProducerFencedException : BrokerException
{
    /// <summary>Creates the error from the broker's answer.</summary>
    /// <param name="errorCode">The broker's code.</param>
    /// <param name="what">What was asked for.</param>
    public ProducerFencedException(ErrorCode errorCode, string what)
        : base(errorCode, what, "this producer was replaced by a newer one; close it")
    {
    }
}
