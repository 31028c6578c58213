using StreamFlow.Client.Networking;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Administration;

/// <summary>The admin calls about settings.</summary>
internal sealed class ConfigAdmin(AdminCalls calls)
{
    public async Task<Dictionary<ConfigResource, IReadOnlyList<ConfigEntry>>> DescribeAsync(
        IEnumerable<ConfigResource> resources, CancellationToken cancellationToken)
    {
        var result = new Dictionary<ConfigResource, IReadOnlyList<ConfigEntry>>();
        foreach (var group in resources.GroupBy(BrokerOf))
        {
            var request = new DescribeConfigsRequest
            {
                Resources =
                [
                    .. group.Select(r => new DescribeConfigsRequest.DescribeConfigsResource
                    {
                        ResourceType = (sbyte)r.Type,
                        ResourceName = r.Name,
                        ConfigurationKeys = null,
                    }),
                ],
            };
            var answer = await SendAsync(
                group.Key,
                request,
                a => AdminCalls.FirstError(
                    a.Results, r => r.ErrorCode, r => $"describe settings of '{r.ResourceName}'", r => r.ErrorMessage),
                cancellationToken).ConfigureAwait(false);
            foreach (var resource in answer.Results)
            {
                result[new((ConfigResourceType)resource.ResourceType, resource.ResourceName)] = [.. resource.Configs.Select(ToEntry)];
            }
        }

        return result;
    }

    public Task AlterAsync(ConfigResource resource, IEnumerable<ConfigChange> changes, CancellationToken cancellationToken)
    {
        var request = new IncrementalAlterConfigsRequest
        {
            Resources =
            [
                new()
                {
                    ResourceType = (sbyte)resource.Type,
                    ResourceName = resource.Name,
                    Configs =
                    [
                        .. changes.Select(c => new IncrementalAlterConfigsRequest.AlterableConfig
                        {
                            Name = c.Name,
                            ConfigOperation = (sbyte)c.Operation,
                            Value = c.Value,
                        }),
                    ],
                },
            ],
        };
        return SendAsync(
            BrokerOf(resource),
            request,
            a => AdminCalls.FirstError(a.Responses, r => r.ErrorCode, r => $"change settings of '{r.ResourceName}'", r => r.ErrorMessage),
            cancellationToken);
    }

    // The settings of one broker are known to that broker only.
    private static int? BrokerOf(ConfigResource resource) =>
        resource.Type is ConfigResourceType.Broker or ConfigResourceType.BrokerLogger && resource.Name.Length > 0
            ? int.TryParse(resource.Name, System.Globalization.CultureInfo.InvariantCulture, out var id)
                ? id
                : throw new ConfigurationException($"'{resource.Name}' is not a broker id")
            : null;

    private Task<TResponse> SendAsync<TResponse>(
        int? broker, IRequest<TResponse> request, Func<TResponse, StreamFlowException?> errorOf, CancellationToken cancellationToken)
        where TResponse : class, IResponse, IVersioned<TResponse>, new() =>
        broker is not { } id
            ? calls.AnyAsync(request, errorOf, cancellationToken)
            : calls.RetryAsync(
                async token =>
                {
                    var cluster = await calls.Metadata.GetClusterAsync(token).ConfigureAwait(false);
                    var answer = (await calls.Channels.Get(
                        cluster, id, Lane.General).SendAsync(request, token).ConfigureAwait(false)).Message;
                    return errorOf(answer) is { } error ? throw error : answer;
                },
                cancellationToken);

    private static ConfigEntry ToEntry(DescribeConfigsResponse.DescribeConfigsResourceResult config) => new(
        config.Name, config.Value, config.ConfigSource < 0
            ? ConfigSource.Unknown
            : (ConfigSource)config.ConfigSource, config.IsSensitive, config.ReadOnly);
}
