using StreamFlow.Client.Transport;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Tests.Scripted;

/// <summary>
/// Brokers that answer by script. Broker n is at <c>broker:n</c>. Metadata, coordinators and versions are answered from the properties; all else by
/// the function that the test sets for the API, which may throw to cut the connection.
/// </summary>
public sealed class ScriptedCluster : ITransport
{
    private readonly Dictionary<ApiKey, Func<Call, IResponse>> _scripts = [];
    private readonly Lock _gate = new();

    public int Brokers { get; init; } = 2;

    public int Partitions { get; init; } = 1;

    public int Leader { get; set; } = 1;

    public int LeaderEpoch { get; set; } = -1;

    public int Coordinator { get; set; } = 1;

    public short TransactionVersion { get; init; }

    /// <summary>
    /// What was asked, in order, without metadata and versions. What a produce or fetch request says is there only until it is answered.
    /// </summary>
    public List<Call> Calls { get; } = [];

    public ICluster Open() => RemoteCluster.Open(
        this, "broker:1", ClusterOptions.Default with { RetryBackoff = TimeSpan.FromMilliseconds(1), RetryBackoffMax = TimeSpan.FromMilliseconds(5) });

    public ScriptedCluster On<TRequest, TResponse>(ApiKey api, Func<TRequest, Call, TResponse> answer)
        where TRequest : class, IRequest<TResponse>
        where TResponse : class, IResponse
    {
        _scripts[api] = call => answer((TRequest)call.Request, call);
        return this;
    }

    public int Count(ApiKey api)
    {
        lock (_gate)
        {
            return Calls.Count(c => c.Request.ApiKey == api);
        }
    }

    public ValueTask<IBrokerConnection> ConnectAsync(string host, int port, CancellationToken cancellationToken) => new(new Connection(this, port));

    public ValueTask DisposeAsync() => default;

    public static BrokerException Cut() => new(ErrorCode.NetworkException, "scripted connection", "cut");

    private IResponse Answer(Call call)
    {
        switch (call.Request)
        {
            case ApiVersionsRequest:
                return new ApiVersionsResponse
                {
                    ApiKeys = [.. ApiVersions.All.Select(a => new ApiVersionsResponse.ApiVersion { ApiKey = (short)a.Key, MinVersion = a.LowestOffered, MaxVersion = a.HighestOffered })],
                    FinalizedFeatures = [new() { Name = "transaction.version", MaxVersionLevel = TransactionVersion }],
                };
            case MetadataRequest metadata:
                return Describe(metadata);
            case FindCoordinatorRequest:
                return new FindCoordinatorResponse { NodeId = Coordinator, Host = "broker", Port = Coordinator };
        }

        lock (_gate)
        {
            Calls.Add(call);
            return _scripts.TryGetValue(call.Request.ApiKey, out var script)
                ? script(call)
                : throw new InvalidOperationException($"no script for {call.Request.ApiKey}");
        }
    }

    private MetadataResponse Describe(MetadataRequest request) => new()
    {
        Brokers = [.. Enumerable.Range(1, Brokers).Select(b => new MetadataResponse.MetadataResponseBroker { NodeId = b, Host = "broker", Port = b })],
        Topics =
        [
            .. (request.Topics ?? []).Select(t => new MetadataResponse.MetadataResponseTopic
            {
                Name = t.Name,
                Partitions = [.. Enumerable.Range(0, Partitions).Select(p => new MetadataResponse.MetadataResponsePartition { PartitionIndex = p, LeaderId = Leader, LeaderEpoch = LeaderEpoch })],
            }),
        ],
    };

    /// <summary>One request.</summary>
    public sealed record Call(int Broker, IRequest Request, short Version);

    private sealed class Connection(ScriptedCluster cluster, int broker) : IBrokerConnection
    {
        public bool IsOpen { get; private set; } = true;

        public ValueTask<Reply<TResponse>> SendAsync<TResponse>(
            IRequest<TResponse> request, short version, TimeSpan timeout, CancellationToken cancellationToken)
            where TResponse : class, IResponse, IVersioned<TResponse>, new()
        {
            try
            {
                return new(new Reply<TResponse>((TResponse)cluster.Answer(new(broker, request, version)), null));
            }
            catch (BrokerException e)
            {
                IsOpen = false;
                return ValueTask.FromException<Reply<TResponse>>(e);
            }
        }

        public ValueTask DisposeAsync()
        {
            IsOpen = false;
            return default;
        }
    }
}
