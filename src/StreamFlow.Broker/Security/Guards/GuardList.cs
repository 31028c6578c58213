using StreamFlow.Broker.Handlers;
using StreamFlow.Broker.Security.Acls;
using StreamFlow.Broker.Security.Quotas;

namespace StreamFlow.Broker.Security.Guards;

/// <summary>Puts the guards before the handlers: those that check only when there is an authorizer.</summary>
internal static class GuardList
{
    public static IEnumerable<IRequestHandler> Apply(BrokerServices services, IReadOnlyList<IRequestHandler> handlers)
    {
        var (access, options) = (services.Access, services.Options);
        var counted = Wrap(handlers, new MutationGuards(services.Quotas, services.Metadata, options).All());
        var described = Wrap(counted, new OperationGuards(access).All());
        return access.IsEnabled
            ? Wrap(described,
            [
                .. new TopicGuards(access).All(), .. new GroupGuards(access).All(), .. new ShareGuards(access).All(),
                .. new TransactionGuards(access).All(), .. new ClusterGuards(access).All(),
                .. new MetadataGuards(access, options).All(),
            ])
            : described;
    }

    private static IRequestHandler[] Wrap(IReadOnlyList<IRequestHandler> handlers, IEnumerable<Guard> guards)
    {
        var byKey = guards.ToDictionary(g => g.For);
        return [.. handlers.Select(h => byKey.TryGetValue(h.ApiKey, out var guard) ? guard.Before(h) : h)];
    }
}
