namespace StreamFlow.Broker.Security;

/// <summary>The SASL mechanisms that there are.</summary>
internal static class SaslMechanisms
{
    public const string Plain = "PLAIN";
    public const string ScramSha256 = "SCRAM-SHA-256";
    public const string ScramSha512 = "SCRAM-SHA-512";
    public const string OAuthBearer = "OAUTHBEARER";

    public static IReadOnlyList<string> All { get; } = [Plain, ScramSha256, ScramSha512, OAuthBearer];
}
