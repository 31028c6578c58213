namespace StreamFlow.Core.Security;

/// <summary>One rule: who may or may not do what with which resources from where.</summary>
/// <param name="ResourceType">The kind of resource.</param>
/// <param name="ResourceName">Its name, the beginning of names, or <c>*</c>.</param>
/// <param name="PatternType">How the name is read: literal or prefixed.</param>
/// <param name="Principal">Such as <c>User:alice</c>; <c>User:*</c> is everybody.</param>
/// <param name="Host">The address the client comes from; <c>*</c> is every one.</param>
/// <param name="Operation">What.</param>
/// <param name="Permission">Allowed or denied.</param>
public sealed record AclBinding(
    AclResourceType ResourceType,
    string ResourceName,
    AclPatternType PatternType,
    string Principal,
    string Host,
    AclOperation Operation,
    AclPermission Permission)
{
    /// <summary>Every resource, host or operation.</summary>
    public const string Wildcard = "*";

    /// <summary>Everybody.</summary>
    public const string Everybody = "User:*";

    /// <summary>The name of the one resource of type <see cref="AclResourceType.Cluster"/>.</summary>
    public const string ClusterName = "kafka-cluster";
}
