using StreamFlow.Broker.Security;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Creates, changes and deletes SCRAM users (KIP-554).</summary>
internal sealed class AlterUserScramCredentialsHandler(ScramAdmin admin)
    : RequestHandler<AlterUserScramCredentialsRequest, AlterUserScramCredentialsResponse>
{
    protected override async ValueTask<AlterUserScramCredentialsResponse?> HandleAsync(
        RequestContext context, AlterUserScramCredentialsRequest request)
    {
        var response = new AlterUserScramCredentialsResponse();
        foreach (var (user, result) in await admin.AlterAsync(request).ConfigureAwait(false))
        {
            response.Results.Add(new() { User = user, ErrorCode = result.Error, ErrorMessage = result.Message });
        }

        return response;
    }
}
