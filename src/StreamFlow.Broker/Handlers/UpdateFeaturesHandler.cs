using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>
/// Changes the levels of features (KIP-584). They are those of the running version: with one broker nobody has to be waited for, so
/// there is nothing to change.
/// </summary>
internal sealed class UpdateFeaturesHandler : RequestHandler<UpdateFeaturesRequest, UpdateFeaturesResponse>
{
    private const short LastVersionWithResults = 1;

    protected override ValueTask<UpdateFeaturesResponse?> HandleAsync(RequestContext context, UpdateFeaturesRequest request)
    {
        if (request.FeatureUpdates is not [var first, ..])
        {
            return new(new UpdateFeaturesResponse());
        }

        var message = $"{first.Feature} cannot be set to {first.MaxVersionLevel}: the levels of features are fixed by the broker's "
            + $"version.";
        return new(new UpdateFeaturesResponse
        {
            ErrorCode = ErrorCode.InvalidUpdateVersion,
            ErrorMessage = message,
            Results = context.ApiVersion > LastVersionWithResults
                ? []
                : request.FeatureUpdates.ConvertAll(u => new UpdateFeaturesResponse.UpdatableFeatureResult
                {
                    Feature = u.Feature,
                    ErrorCode = ErrorCode.InvalidUpdateVersion,
                    ErrorMessage = message,
                }),
        });
    }
}
