using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Groups;

/// <summary>Why a group does not do what a member asks.</summary>
/// <param name="Error">The code for the client.</param>
/// <param name="Message">What went wrong, in words.</param>
internal sealed record GroupRefusal(ErrorCode Error, string Message);
