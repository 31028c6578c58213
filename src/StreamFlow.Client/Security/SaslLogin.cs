using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;

namespace StreamFlow.Client.Security;

/// <summary>A mechanism with its credentials; makes the client's side of each authentication. Thread safe.</summary>
internal sealed class SaslLogin
{
    private const string Plain = "PLAIN";
    private const string OAuthBearer = "OAUTHBEARER";

    private readonly Func<ISaslClient> _begin;

    private SaslLogin(string mechanism, Func<ISaslClient> begin)
    {
        Mechanism = mechanism;
        _begin = begin;
    }

    /// <summary>The mechanism's name.</summary>
    public string Mechanism { get; }

    /// <summary>Reads the credentials.</summary>
    /// <exception cref="ConfigurationException">The mechanism is not known or its credentials are missing.</exception>
    public static SaslLogin Of(ConnectionSecurity security)
    {
        var mechanism = security.Mechanism?.Trim() ?? "";
        if (mechanism == OAuthBearer)
        {
            var source = TokenSourceOf(security);
            return new SaslLogin(mechanism, () => new OAuthBearerClient(source));
        }

        if (mechanism != Plain && ScramMechanism.Find(mechanism) is null)
        {
            throw new ConfigurationException(
                $"sasl.mechanism cannot be '{mechanism}': allowed are PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER");
        }

        var jaas = security.JaasConfig is { } text ? JaasConfig.Parse("sasl.jaas.config", text).Options : null;
        var (user, password) = CredentialsOf(security, jaas);
        var isToken = bool.TryParse(jaas?.GetValueOrDefault("tokenauth"), out var given) && given;
        return ScramMechanism.Find(mechanism) is { } scram
            ? new SaslLogin(mechanism, () => new ScramClient(scram, user, password, isToken))
            : new SaslLogin(mechanism, () => new PlainClient(user, password));
    }

    public ISaslClient Begin() => _begin();

    private static (string User, string Password) CredentialsOf(
        ConnectionSecurity security, IReadOnlyDictionary<string, string>? jaas)
    {
        var user = security.Username ?? jaas?.GetValueOrDefault("username");
        var password = security.Password ?? jaas?.GetValueOrDefault("password");
        return user is { Length: > 0 } && password is not null
            ? (user, password)
            : throw new ConfigurationException(
                "the user or the password is missing: set sasl.username and sasl.password, or sasl.jaas.config to "
                    + "LoginModule required username=\"...\" password=\"...\";");
    }

    private static Func<CancellationToken, ValueTask<string>> TokenSourceOf(ConnectionSecurity security)
    {
        if (security.TokenSource is { } given)
        {
            return given;
        }

        return Uri.TryCreate(security.TokenUrl, UriKind.Absolute, out var url) && url.IsFile
            ? async cancellation => (await File.ReadAllTextAsync(url.LocalPath, cancellation).ConfigureAwait(false)).Trim()
            : throw new ConfigurationException(
                "OAUTHBEARER needs a token: give a TokenSource, or set sasl.oauthbearer.token.endpoint.url to a file: URL");
    }
}
