using StreamFlow.Protocol;

namespace StreamFlow.Client.Transport;

/// <summary>
/// Which answers are lent (<see cref="Reply{TResponse}.Buffer"/>) instead of given: those that come all the time, whose objects are used
/// again.
/// </summary>
public static class LentReplies
{
    /// <summary>Whether a transport lends the answers of this API.</summary>
    public static bool Contains(ApiKey apiKey) => apiKey is ApiKey.Produce or ApiKey.Fetch or ApiKey.ShareFetch;
}
