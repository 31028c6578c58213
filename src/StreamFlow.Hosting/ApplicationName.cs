namespace StreamFlow.Hosting;

/// <summary>Lists the keys of a host's applications, which the container cannot enumerate.</summary>
/// <param name="Value">The key.</param>
internal sealed record ApplicationName(string Value);
