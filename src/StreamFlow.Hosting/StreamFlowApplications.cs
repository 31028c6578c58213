using System.Reactive.Linq;
using System.Reactive.Subjects;
using Microsoft.Extensions.DependencyInjection;
using StreamFlow.Streams.Runtime;

namespace StreamFlow.Hosting;

/// <summary>The applications of a host by name, and what becomes of them. Thread safe. The container makes and disposes it.</summary>
public sealed class StreamFlowApplications : IDisposable
{
    private readonly Dictionary<string, StreamsApplication> _applications = new(StringComparer.Ordinal);
    private readonly List<BehaviorSubject<ApplicationStatus>> _statuses = [];

    /// <summary>Makes the applications; the host starts them.</summary>
    /// <param name="services">The host's services.</param>
    public StreamFlowApplications(IServiceProvider services)
    {
        foreach (var name in services.GetServices<ApplicationName>().Select(n => n.Value))
        {
            var application = services.GetRequiredKeyedService<StreamsApplication>(name);
            var status = new BehaviorSubject<ApplicationStatus>(new(name, application.State, application.Failure));
            application.StateChanged += (_, change) => status.OnNext(new(name, change.Current, change.Failure));
            _applications.Add(name, application);
            _statuses.Add(status);
        }

        Statuses = _statuses.Merge();
    }

    /// <summary>The applications by their names in the host.</summary>
    public IReadOnlyDictionary<string, StreamsApplication> All => _applications;

    /// <summary>
    /// To each subscriber: the status of every application now, then every change. A failed application is a value too, not an error of the
    /// observable. Completes when the host is disposed. Observers are called by the thread that caused the change: be quick, do not stop
    /// the application in there.
    /// </summary>
    public IObservable<ApplicationStatus> Statuses { get; }

    /// <summary>An application by its name.</summary>
    /// <exception cref="KeyNotFoundException">The host has none of this name; the message lists those it has.</exception>
    public StreamsApplication this[string name] => _applications.TryGetValue(name, out var found)
        ? found
        : throw new KeyNotFoundException($"the host has no topology '{name}'; it has: {string.Join(", ", _applications.Keys)}");

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var status in _statuses)
        {
            status.OnCompleted();
        }
    }
}
