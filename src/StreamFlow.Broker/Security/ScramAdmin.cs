using StreamFlow.Broker.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Security;

/// <summary>
/// Changes SCRAM credentials in the metadata log (KIP-554). A request is one change: what is valid in it is made together.
/// </summary>
internal sealed class ScramAdmin(MetadataLog metadata)
{
    /// <summary>Applies a request.</summary>
    /// <returns>The outcome for each user that it names.</returns>
    public async ValueTask<IReadOnlyDictionary<string, AdminResult>> AlterAsync(AlterUserScramCredentialsRequest request)
    {
        var results = new SortedDictionary<string, AdminResult>(StringComparer.Ordinal);
        var error = await metadata.ChangeAsync(image =>
        {
            results.Clear();
            var records = new List<(string User, IVersioned Record)>();
            foreach (var deletion in request.Deletions)
            {
                Merge(results, deletion.Name, Check(image, deletion));
                records.Add((deletion.Name, new RemoveUserScramCredentialRecord { Name = deletion.Name, Mechanism = deletion.Mechanism }));
            }

            foreach (var upsertion in request.Upsertions)
            {
                var result = Check(upsertion);
                Merge(results, upsertion.Name, result);
                if (result.IsSuccess)
                {
                    records.Add((upsertion.Name, RecordOf(upsertion)));
                }
            }

            foreach (var user in TwiceIn(request))
            {
                results[user] = new AdminResult(
                    ErrorCode.DuplicateResource, "A user credential cannot be altered twice in the same request");
            }

            return [.. records.Where(r => results[r.User].IsSuccess).Select(r => r.Record)];
        }).ConfigureAwait(false);
        return error == ErrorCode.None ? results : results.ToDictionary(r => r.Key, _ => new AdminResult(error));
    }

    private static void Merge(SortedDictionary<string, AdminResult> results, string user, AdminResult result)
    {
        if (!results.TryGetValue(user, out var earlier) || earlier.IsSuccess)
        {
            results[user] = result;
        }
    }

    private static IEnumerable<string> TwiceIn(AlterUserScramCredentialsRequest request) =>
        request.Deletions.Select(d => (d.Name, d.Mechanism)).Concat(request.Upsertions.Select(u => (u.Name, u.Mechanism)))
            .GroupBy(c => c).Where(g => g.Count() > 1).Select(g => g.Key.Name);

    private static AdminResult Check(MetadataImage image, AlterUserScramCredentialsRequest.ScramCredentialDeletion deletion)
    {
        if (CheckUser(deletion.Name, deletion.Mechanism) is { IsSuccess: false } invalid)
        {
            return invalid;
        }

        return image.ScramUsers.ContainsKey((deletion.Name, deletion.Mechanism))
            ? AdminResult.Success
            : new AdminResult(ErrorCode.ResourceNotFound, "Attempt to delete a user credential that does not exist");
    }

    private static AdminResult Check(AlterUserScramCredentialsRequest.ScramCredentialUpsertion upsertion)
    {
        if (CheckUser(upsertion.Name, upsertion.Mechanism) is { IsSuccess: false } invalid)
        {
            return invalid;
        }

        var mechanism = ScramMechanism.Find(upsertion.Mechanism)!;
        return upsertion.Iterations < mechanism.MinIterations ? Unacceptable("Too few iterations")
            : upsertion.Iterations > ScramMechanism.MaxIterations ? Unacceptable("Too many iterations")
            : upsertion.SaltedPassword.Length != mechanism.HashSize ? Unacceptable("The salted password has not the size of a hash")
            : AdminResult.Success;
    }

    private static AdminResult CheckUser(string user, sbyte mechanism) =>
        user.Length == 0 ? Unacceptable("Username must not be empty")
        : ScramMechanism.Find(mechanism) is null ? new AdminResult(ErrorCode.UnsupportedSaslMechanism, "Unknown SCRAM mechanism")
        : AdminResult.Success;

    private static AdminResult Unacceptable(string why) => new(ErrorCode.UnacceptableCredential, why);

    private static UserScramCredentialRecord RecordOf(AlterUserScramCredentialsRequest.ScramCredentialUpsertion upsertion)
    {
        var mechanism = ScramMechanism.Find(upsertion.Mechanism)!;
        return new UserScramCredentialRecord
        {
            Name = upsertion.Name,
            Mechanism = upsertion.Mechanism,
            Salt = upsertion.Salt,
            StoredKey = mechanism.Hash(mechanism.ClientKey(upsertion.SaltedPassword)),
            ServerKey = mechanism.ServerKey(upsertion.SaltedPassword),
            Iterations = upsertion.Iterations,
        };
    }
}
