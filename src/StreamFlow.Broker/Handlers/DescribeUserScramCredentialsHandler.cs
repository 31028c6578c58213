using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>Lists SCRAM users with their mechanisms and rounds, never their keys (KIP-554).</summary>
internal sealed class DescribeUserScramCredentialsHandler(MetadataLog metadata)
    : RequestHandler<DescribeUserScramCredentialsRequest, DescribeUserScramCredentialsResponse>
{
    protected override ValueTask<DescribeUserScramCredentialsResponse?> HandleAsync(
        RequestContext context, DescribeUserScramCredentialsRequest request)
    {
        var users = metadata.Image.ScramUsers.ToLookup(u => u.Key.User, StringComparer.Ordinal);
        var wanted = request.Users is { Count: > 0 } named
            ? named.Select(u => u.Name)
            : users.Select(u => u.Key).Order(StringComparer.Ordinal);
        var response = new DescribeUserScramCredentialsResponse();
        foreach (var group in wanted.GroupBy(u => u, StringComparer.Ordinal))
        {
            var result = new DescribeUserScramCredentialsResponse.DescribeUserScramCredentialsResult { User = group.Key };
            if (group.Skip(1).Any())
            {
                result.ErrorCode = ErrorCode.DuplicateResource;
                result.ErrorMessage = $"Cannot describe SCRAM credentials for the same user twice in a single request: {group.Key}";
            }
            else if (!users.Contains(group.Key))
            {
                result.ErrorCode = ErrorCode.ResourceNotFound;
                result.ErrorMessage = $"Attempt to describe a user credential that does not exist: {group.Key}";
            }

            if (result.ErrorCode == ErrorCode.None)
            {
                result.CredentialInfos.AddRange(users[group.Key].OrderBy(u => u.Key.Mechanism).Select(u =>
                    new DescribeUserScramCredentialsResponse.CredentialInfo
                    {
                        Mechanism = u.Key.Mechanism,
                        Iterations = u.Value.Iterations,
                    }));
            }

            response.Results.Add(result);
        }

        return new(response);
    }
}
