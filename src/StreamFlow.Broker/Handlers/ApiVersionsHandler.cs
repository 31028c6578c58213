using System.Text.RegularExpressions;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Tells which APIs are served. The answer is generated from the table of handlers.</summary>
internal sealed partial class ApiVersionsHandler(HandlerTable handlers) : RequestHandler<ApiVersionsRequest, ApiVersionsResponse>
{
    protected override ValueTask<ApiVersionsResponse?> HandleAsync(RequestContext context, ApiVersionsRequest request)
    {
        if (!ApiVersions.Of(ApiKey.ApiVersions).Contains(context.ApiVersion))
        {
            return new(UnsupportedVersion());
        }

        if (context.ApiVersion >= 3 && !(IsSoftwareName(request.ClientSoftwareName) && IsSoftwareName(request.ClientSoftwareVersion)))
        {
            return new(new ApiVersionsResponse { ErrorCode = ErrorCode.InvalidRequest });
        }

        context.Session.SetSoftware(request.ClientSoftwareName, request.ClientSoftwareVersion);
        var response = new ApiVersionsResponse();
        foreach (var served in handlers.Served)
        {
            response.ApiKeys.Add(Entry(served));
        }

        if (context.ApiVersion >= 3)
        {
            Features.AddTo(response, context.ApiVersion);
        }

        return new(response);
    }

    /// <summary>The answer to a version that is too new: in the layout of version 0, naming the versions to retry with (KIP-511).</summary>
    private ApiVersionsResponse UnsupportedVersion()
    {
        var own = handlers.Served.First(s => s.Key == ApiKey.ApiVersions);
        return new ApiVersionsResponse { ErrorCode = ErrorCode.UnsupportedVersion, ApiKeys = [Entry(own)] };
    }

    private static ApiVersionsResponse.ApiVersion Entry(in ApiVersionRange range) =>
        new() { ApiKey = (short)range.Key, MinVersion = range.LowestOffered, MaxVersion = range.HighestOffered };

    private static bool IsSoftwareName(string name) => SoftwareName().IsMatch(name);

    [GeneratedRegex(@"^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?\z")]
    private static partial Regex SoftwareName();
}
