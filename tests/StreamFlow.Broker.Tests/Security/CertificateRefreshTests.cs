using System.Net.Security;
using StreamFlow.Broker.Configuration;
using StreamFlow.Broker.Security.Tls;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;
using StreamFlow.Testing;

namespace StreamFlow.Broker.Tests.Security;

/// <summary>Certificates are replaced while the broker listens.</summary>
public sealed class CertificateRefreshTests : IDisposable
{
    private const string Location = "listener.name.ssl.ssl.keystore.location";

    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public void Changed_file_is_read_again_and_a_broken_one_leaves_the_old_certificate()
    {
        var file = _certificates.Issue("CN=first");
        var security = new SecurityOptions { KeyStoreLocation = file };
        var listener = TlsListener.Load("SSL", security);
        Assert.False(listener.Refresh(security));

        File.Copy(_certificates.Issue("CN=second"), file, overwrite: true);
        Assert.True(listener.Refresh(security));
        Assert.Equal("CN=second", SubjectOf(listener));

        File.WriteAllText(file, "half a certif");
        Assert.Contains(file, Assert.Throws<ConfigurationException>(() => listener.Refresh(security)).Message, StringComparison.Ordinal);
        Assert.False(listener.Refresh(security));
        Assert.Equal("CN=second", SubjectOf(listener));

        File.Copy(_certificates.Issue("CN=third"), file, overwrite: true);
        Assert.True(listener.Refresh(security));
        Assert.Equal("CN=third", SubjectOf(listener));
    }

    [Fact]
    public async Task Key_store_of_a_listener_is_changed_by_its_setting_and_stays_after_a_restart()
    {
        var (first, second) = (_certificates.Issue("CN=first"), _certificates.Issue("CN=second"));
        await using var broker = await StartAsync(first);
        Assert.Equal("CN=first", await ShownAsync(broker));

        Assert.Equal(ErrorCode.None, await ChangeAsync(broker, "1", Location, second));
        Assert.Equal("CN=second", await ShownAsync(broker));
        var described = await broker.SendAsync(new DescribeConfigsRequest { Resources = [new() { ResourceType = 4, ResourceName = "1" }] });
        var config = Assert.Single(described.Results[0].Configs, c => c.Name == Location);
        Assert.Equal((second, ConfigSources.DynamicBroker, false), (config.Value, config.ConfigSource, config.ReadOnly));
        await broker.Server.DisposeAsync();

        await using var again = await StartAsync(first, broker.Directory);
        Assert.Equal("CN=second", await ShownAsync(again));
        Assert.Equal(ErrorCode.None, await ChangeAsync(again, "1", Location, null));
        Assert.Equal("CN=first", await ShownAsync(again));
    }

    [Fact]
    public async Task Key_store_that_cannot_be_used_is_refused()
    {
        await using var broker = await StartAsync(_certificates.Issue("CN=first"));
        Assert.Equal(ErrorCode.InvalidRequest, await ChangeAsync(broker, "1", Location, "/no/such/file.pem"));
        Assert.Equal(ErrorCode.InvalidRequest, await ChangeAsync(broker, "1", "listener.name.other.ssl.keystore.location", "/x.pem"));
        Assert.Equal(ErrorCode.InvalidRequest, await ChangeAsync(broker, "", Location, _certificates.Issue("CN=second")));
        Assert.Equal(ErrorCode.InvalidRequest, await ChangeAsync(broker, "1", "ssl.keystore.location", _certificates.Issue("CN=second")));
        Assert.Equal("CN=first", await ShownAsync(broker));
    }

    [Fact]
    public async Task Passwords_of_changed_stores_are_not_described()
    {
        await using var broker = await StartAsync(_certificates.Issue("CN=first"));
        Assert.Equal(ErrorCode.None, await ChangeAsync(broker, "1", "listener.name.ssl.ssl.keystore.password", "hunter2"));
        var described = await broker.SendAsync(new DescribeConfigsRequest
        {
            IncludeSynonyms = true,
            Resources = [new() { ResourceType = 4, ResourceName = "1" }],
        });
        var config = Assert.Single(described.Results[0].Configs, c => c.Name == "listener.name.ssl.ssl.keystore.password");
        Assert.True(config.IsSensitive);
        Assert.Null(config.Value);
        Assert.All(config.Synonyms, s => Assert.Null(s.Value));
    }

    private static Task<TestBroker> StartAsync(string keyStore, string? directory = null) => TestBroker.StartAsync(
        o => BrokerOptions.FromProperties(
            [KeyValuePair.Create("listeners", "SSL://127.0.0.1:0"), KeyValuePair.Create("ssl.keystore.location", keyStore)], o),
        directory: directory);

    private static string? SubjectOf(TlsListener listener) => listener.Options.ServerCertificateContext!.TargetCertificate.Subject;

    /// <summary>The subject of the certificate that a client is shown.</summary>
    private static async Task<string?> ShownAsync(TestBroker broker)
    {
        string? subject = null;
        using var client = await RawClient.ConnectAsync(broker);
#pragma warning disable CA5359 // the test asks which certificate is shown, not whether to trust it
        await using var stream = new SslStream(client.GetStream(), false, (_, certificate, _, _) =>
        {
            subject = certificate?.Subject;
            return true;
        });
#pragma warning restore CA5359
        await stream.AuthenticateAsClientAsync("localhost");
        return subject;
    }

    private static async Task<ErrorCode> ChangeAsync(TestBroker broker, string node, string name, string? value)
    {
        var response = await broker.SendAsync(new IncrementalAlterConfigsRequest
        {
            Resources =
            [
                new()
                {
                    ResourceType = 4,
                    ResourceName = node,
                    Configs = [new() { Name = name, Value = value, ConfigOperation = value is null ? (sbyte)1 : (sbyte)0 }],
                },
            ],
        });
        return response.Responses[0].ErrorCode;
    }
}
