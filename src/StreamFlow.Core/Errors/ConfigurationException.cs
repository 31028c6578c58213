namespace StreamFlow.Core.Errors;

/// <summary>A setting, option or cluster string that is not valid.</summary>
public sealed class ConfigurationException : StreamFlowException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">Which setting, which value, and what is allowed.</param>
    public ConfigurationException(string message)
        : base(message)
    {
    }
}
