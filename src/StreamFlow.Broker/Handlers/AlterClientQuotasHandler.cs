using StreamFlow.Broker.Metadata;
using StreamFlow.Broker.Security.Quotas;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Sets and removes quotas (KIP-546). Each entry is changed as a whole or not at all.</summary>
internal sealed class AlterClientQuotasHandler(MetadataLog metadata) : RequestHandler<AlterClientQuotasRequest, AlterClientQuotasResponse>
{
    protected override async ValueTask<AlterClientQuotasResponse?> HandleAsync(RequestContext context, AlterClientQuotasRequest request)
    {
        var problems = request.Entries.ConvertAll(WhyInvalid);
        var error = ErrorCode.None;
        if (!request.ValidateOnly)
        {
            var records = request.Entries.Where((_, i) => problems[i] is null).SelectMany(RecordsOf).ToList();
            error = await metadata.ChangeAsync(_ => records).ConfigureAwait(false);
        }

        var response = new AlterClientQuotasResponse();
        for (var i = 0; i < request.Entries.Count; i++)
        {
            response.Entries.Add(new()
            {
                ErrorCode = problems[i] is null ? error : ErrorCode.InvalidRequest,
                ErrorMessage = problems[i],
                Entity = request.Entries[i].Entity.ConvertAll(
                    e => new AlterClientQuotasResponse.EntityData { EntityType = e.EntityType, EntityName = e.EntityName }),
            });
        }

        return response;
    }

    private static string? WhyInvalid(AlterClientQuotasRequest.EntryData entry)
    {
        if (QuotaEntity.Of(entry.Entity.Select(e => (e.EntityType, e.EntityName))) is not { } entity)
        {
            return "Invalid client quota entity: it is a user, a client-id, both, or an ip.";
        }

        return entry.Ops.DistinctBy(o => o.Key).Count() != entry.Ops.Count
            ? "A quota is named twice."
            : entry.Ops.Select(o => QuotaKeys.WhyInvalid(entity, o.Key, o.Value, o.Remove)).FirstOrDefault(p => p is not null);
    }

    private static IEnumerable<IVersioned> RecordsOf(
        AlterClientQuotasRequest.EntryData entry) => entry.Ops.Select(o => new ClientQuotaRecord
    {
        Entity = entry.Entity.ConvertAll(e => new ClientQuotaRecord.EntityData { EntityType = e.EntityType, EntityName = e.EntityName }),
        Key = o.Key,
        Value = o.Value,
        Remove = o.Remove,
    });
}
