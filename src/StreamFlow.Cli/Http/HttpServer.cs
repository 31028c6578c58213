using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StreamFlow.Core.Errors;

namespace StreamFlow.Cli.Http;

/// <summary>The HTTP side of a command: Kestrel with a few endpoints. Whoever started it disposes it, which stops it.</summary>
internal sealed class HttpServer : IAsyncDisposable
{
    private readonly WebApplication _web;

    private HttpServer(WebApplication web) => _web = web;

    /// <summary>Where it listens, the port filled in.</summary>
    public string Address { get; private init; } = "";

    /// <summary>Starts to listen.</summary>
    /// <param name="address"><c>HOST:PORT</c>; port 0 takes a free one.</param>
    /// <param name="map">Maps the endpoints.</param>
    /// <exception cref="Shell.UsageException">The address is not one.</exception>
    /// <exception cref="StreamFlowException">Nobody can listen there, for instance because the port is in use.</exception>
    public static async Task<HttpServer> StartAsync(string address, Action<IEndpointRouteBuilder> map)
    {
        var (host, port) = HttpAddress.Parse(address);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://{host}:{port}");
        var web = builder.Build();
        map(web);
        try
        {
            await web.StartAsync();
        }
        catch (IOException e)
        {
            await web.DisposeAsync();
            throw new StreamFlowException($"cannot listen on {address}: {e.Message}; choose another port, or 0 for any", e);
        }

        var bound = web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new HttpServer(web) { Address = new Uri(bound).Authority };
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _web.DisposeAsync();
}
