namespace StreamFlow.Client.Administration;

/// <summary>A delegation token.</summary>
/// <param name="Id">The id: the user to log in as.</param>
/// <param name="Hmac">What proves it; in Base64 it is the password to log in with. A secret.</param>
/// <param name="Owner">As whom one acts with it.</param>
/// <param name="Requester">Who had it made.</param>
/// <param name="Renewers">Who else may renew and expire it.</param>
/// <param name="Issued">When it was made.</param>
/// <param name="Expires">When it ends unless it is renewed.</param>
/// <param name="MaxTime">Until when it can be renewed.</param>
public sealed record TokenDescription(
    string Id,
    ReadOnlyMemory<byte> Hmac,
    string Owner,
    string Requester,
    IReadOnlyList<string> Renewers,
    DateTimeOffset Issued,
    DateTimeOffset Expires,
    DateTimeOffset MaxTime)
{
    /// <summary>Tells everything but the secret.</summary>
    public override string ToString() => $"token {Id} of {Owner} until {Expires:O}";
}
