using StreamFlow.Core.Errors;

namespace StreamFlow.Processes.Tests.Crashes.Groups;

/// <summary>
/// What a member of a group knows of its membership. Its epochs never go back, and a broker may not forget a member that was heard of, nor
/// fence one that has missed no answer, however often it is killed.
/// </summary>
internal sealed class MemberEpoch(string kind, GroupTarget target)
{
    // Of the 45 s after which a silent member is out; the rest is for the ways of requests.
    private static readonly TimeSpan SafelyIn = TimeSpan.FromSeconds(35);

    private long _lastSign;
    private int _highest;
    private int _missed;
    private bool _isHurried;

    public string MemberId { get; private set; } = Guid.NewGuid().ToString();

    /// <summary>What a heartbeat has to name; 0 joins.</summary>
    public int Value { get; private set; }

    /// <summary>Whether the member has to say everything about itself: it is new, or does not know what the broker has heard.</summary>
    public bool MustSayAll => Value == 0 || _missed > 0;

    /// <summary>Whether a heartbeat is due.</summary>
    public bool MustBeat => MustSayAll || _isHurried;

    /// <summary>Whether the broker cannot have given the member up.</summary>
    public bool IsSafelyIn => _lastSign != 0 && TimeProvider.System.GetElapsedTime(_lastSign) < SafelyIn;

    /// <summary>The next step is a heartbeat.</summary>
    public void Hurry() => _isHurried = true;

    /// <summary>Takes the outcome of a heartbeat; null when there was no answer.</summary>
    /// <returns>Whether the heartbeat was taken.</returns>
    public bool Learn(ErrorCode? error, int epoch)
    {
        _isHurried = false;
        switch (error)
        {
            case null:
                _missed++;
                return false;
            case ErrorCode.None:
                Require(epoch >= _highest, $"is at epoch {epoch}, and was at {_highest}");
                (Value, _highest, _missed) = (epoch, epoch, 0);
                _lastSign = TimeProvider.System.GetTimestamp();
                return true;
            case ErrorCode.UnknownMemberId:
                Require(!IsSafelyIn, "is not known any more");
                break;
            case ErrorCode.FencedMemberEpoch:
                Require(_missed > 0, $"is fenced at epoch {Value}");
                break;
            default:
                Require(ErrorCodes.IsRetriable(error.Value), $"is answered with {error}");
                return false;
        }

        (Value, _missed) = (0, 0);
        return false;
    }

    /// <summary>The member has left, or may have; it comes back as itself or as another.</summary>
    public void Leave(ErrorCode? error, bool asAnother)
    {
        // An earlier attempt may have been heard.
        Require(error is null or ErrorCode.None or ErrorCode.UnknownMemberId, $"leaves and is answered with {error}");
        (Value, _lastSign, _missed) = (0, 0, 0);
        MemberId = asAnother ? Guid.NewGuid().ToString() : MemberId;
    }

    private void Require(bool condition, string problem)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"{kind} group {target.Group}: member {MemberId} {problem}");
        }
    }
}
