namespace StreamFlow.Protocol;

/// <summary>A request or a response of an API.</summary>
public interface IMessage : IVersioned
{
    /// <summary>The API that the message belongs to.</summary>
    ApiKey ApiKey { get; }
}

/// <summary>What a client sends.</summary>
public interface IRequest : IMessage;

/// <summary>What a client sends, tied to what comes back.</summary>
/// <typeparam name="TResponse">The response of the same API.</typeparam>
public interface IRequest<TResponse> : IRequest
    where TResponse : IResponse;

/// <summary>What a broker answers.</summary>
public interface IResponse : IMessage;

/// <summary>The key of a record that a coordinator stores. Its type number, not a layout version, leads its bytes.</summary>
public interface IRecordKey : IVersioned
{
    /// <summary>The number that tells the kinds of records in a coordinator's topic apart.</summary>
    short RecordType { get; }
}
