namespace StreamFlow.Broker.Security;

/// <summary>Who a client is.</summary>
/// <param name="Type">The kind; authenticated clients are <c>User</c>.</param>
/// <param name="Name">The name; <c>ANONYMOUS</c> when nobody asked.</param>
internal readonly record struct Principal(string Type, string Name)
{
    public const string UserType = "User";

    /// <summary>A client of a listener that authenticates nobody.</summary>
    public static Principal Anonymous { get; } = User("ANONYMOUS");

    public static Principal User(string name) => new(UserType, name);

    /// <summary>Reads <c>Type:name</c>; null when the text has no colon or nothing around it.</summary>
    public static Principal? TryParse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && colon < text.Length - 1 ? new Principal(text[..colon], text[(colon + 1)..]) : null;
    }

    public override string ToString() => $"{Type}:{Name}";
}
