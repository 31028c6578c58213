using StreamFlow.Client.Administration;
using StreamFlow.Client.Consuming;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Memory;

namespace StreamFlow.Client;

/// <summary>
/// A cluster: the factory of its producers, consumers and admin client. Where it runs (in this process, a StreamFlow broker,
/// Apache Kafka) does not show here. Thread safe; disposing it disposes the clients it made.
/// </summary>
public interface ICluster : IAsyncDisposable
{
    /// <summary>The clock of the cluster's clients.</summary>
    TimeProvider Clock { get; }

    /// <summary>What the buffers and caches of the cluster's clients, and of applications that run on it, draw on.</summary>
    MemoryBudget Memory => MemoryBudget.Process;

    /// <summary>The admin client; one per cluster, thread safe, disposed with the cluster.</summary>
    IAdmin Admin { get; }

    /// <summary>Creates a producer. It connects when it is first used.</summary>
    /// <param name="options">Its settings.</param>
    /// <exception cref="Core.Errors.ConfigurationException">A setting is not valid; the message names all that are not.</exception>
    IProducer CreateProducer(ProducerOptions options);

    /// <summary>Creates a consumer. It connects when it is first polled.</summary>
    /// <param name="options">Its settings.</param>
    /// <exception cref="Core.Errors.ConfigurationException">A setting is not valid; the message names all that are not.</exception>
    IConsumer CreateConsumer(ConsumerOptions options);
}
