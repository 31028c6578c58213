using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Security.Sasl;

/// <summary>
/// An issuer's public keys (JWKS, RFC 7517), from a file or over HTTPS. Read when first needed, again when they are old, and at most every
/// ten seconds when a token names a key that is not there: issuers change their keys. Thread safe.
/// </summary>
internal sealed partial class KeySet
{
    private const long RetryMs = 10_000;
    private const int LargestSet = 1 << 20;

    private readonly Uri _url;
    private readonly long _refreshMs;
    private readonly BrokerClock _clock;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private Task _reading = Task.CompletedTask;
    private ImmutableArray<VerificationKey> _keys = [];
    private long _readAtMs = long.MinValue / 2;

    private KeySet(Uri url, TimeSpan refresh, BrokerClock clock, ILogger logger)
    {
        _logger = logger;
        _url = url;
        _refreshMs = (long)refresh.TotalMilliseconds;
        _clock = clock;
    }

    /// <summary>The set at a URL.</summary>
    /// <exception cref="ConfigurationException">The URL is of no kind that is read.</exception>
    public static KeySet At(string url, TimeSpan refresh, BrokerClock clock, ILogger logger)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("file" or "https" or "http"))
        {
            throw new ConfigurationException(
                $"sasl.oauthbearer.jwks.endpoint.url: '{url}' is no URL of a key set; write file:///path/jwks.json or https://host/path");
        }

        if (parsed.IsFile && !File.Exists(parsed.LocalPath))
        {
            throw new ConfigurationException($"sasl.oauthbearer.jwks.endpoint.url: there is no file {parsed.LocalPath}");
        }

        return new KeySet(parsed, refresh, clock, logger);
    }

    /// <summary>The key of an id; without an id the only key there is. Null when it is not known.</summary>
    public async ValueTask<VerificationKey?> FindAsync(string? id)
    {
        var age = _clock.NowMs - Volatile.Read(ref _readAtMs);
        if (age >= _refreshMs || (Find(id) is null && age >= RetryMs))
        {
            await ReadOnceAsync().ConfigureAwait(false);
        }

        return Find(id);
    }

    private VerificationKey? Find(string? id) =>
        id is null ? (_keys.Length == 1 ? _keys[0] : null) : _keys.FirstOrDefault(k => k.Id == id);

    /// <summary>Callers that come while the set is read wait for the same reading.</summary>
    private Task ReadOnceAsync()
    {
        lock (_gate)
        {
            return _reading.IsCompleted ? _reading = ReadAsync() : _reading;
        }
    }

    private async Task ReadAsync()
    {
        Volatile.Write(ref _readAtMs, _clock.NowMs);
        try
        {
            using var document = JsonDocument.Parse(await LoadAsync().ConfigureAwait(false));
            if (document.RootElement.TryGetProperty("keys", out var keys) && keys.ValueKind == JsonValueKind.Array)
            {
                _keys = [.. keys.EnumerateArray().Select(VerificationKey.TryRead).OfType<VerificationKey>()];
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException or JsonException or TaskCanceledException)
        {
            // The keys known so far stay good; the next unknown one tries again.
            LogUnreadable(_url, e.Message);
        }
    }

    private async Task<byte[]> LoadAsync()
    {
        if (_url.IsFile)
        {
            return await File.ReadAllBytesAsync(_url.LocalPath).ConfigureAwait(false);
        }

        using var http = new HttpClient { MaxResponseContentBufferSize = LargestSet, Timeout = TimeSpan.FromSeconds(10) };
        return await http.GetByteArrayAsync(_url).ConfigureAwait(false);
    }

    [LoggerMessage(
        EventIds.KeySetUnreadable, LogLevel.Warning, "The key set {Url} cannot be read, tokens of new keys are refused: {Reason}")]
    private partial void LogUnreadable(Uri url, string reason);
}
