using System.Runtime.CompilerServices;
using StreamFlow.Broker.Fetching;
using StreamFlow.Broker.Purgatory;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Handlers;

/// <summary>
/// Reads record batches, waiting for them when asked to (long poll). A client with a session names only what has changed since its last
/// request, and is told only that (KIP-227).
/// </summary>
internal sealed class FetchHandler(
    FetchTargets finder, FetchSessionCache sessions, TimerQueue timers, BrokerOptions options, BrokerMetrics metrics, BrokerClock clock)
    : RequestHandler<FetchRequest, FetchResponse>
{
    private const short FirstVersionWithTopicIds = 13;

    protected override ValueTask<FetchResponse?> HandleAsync(RequestContext context, FetchRequest request)
    {
        var byTopicId = context.ApiVersion >= FirstVersionWithTopicIds;
        if (FetchSessionCache.IsFull(request))
        {
            sessions.End(request.SessionId);

            // A session keeps what its first request names.
            var targets = FetchTargets.Of(request, byTopicId, FetchSessionCache.WantsSession(request) ? null : context);
            return ReadAsync(context, request, targets, null, byTopicId);
        }

        return sessions.Lend(request, byTopicId, out var error) is { } session
            ? ReadAsync(context, request, session.Targets, session, byTopicId)
            : new(new FetchResponse { ErrorCode = error });
    }

    private ValueTask<FetchResponse?> ReadAsync(
        RequestContext context, FetchRequest request, List<FetchTarget> targets, FetchSession? session, bool byTopicId)
    {
        finder.Resolve(context, targets, byTopicId);
        var pass = new FetchPass(request, session is not null, options.FetchMaxBytes, context, metrics);
        var response = pass.Read(targets);
        return pass.IsSatisfied || request.MaxWaitMs <= 0 || targets.Count == 0
            ? new(Finish(request, response, targets, session, byTopicId))
            : WaitAsync(context, request, targets, session, byTopicId, pass.Bytes);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FetchResponse?> WaitAsync(
        RequestContext context, FetchRequest request, List<FetchTarget> targets, FetchSession? session, bool byTopicId, long bytes)
    {
        var deadline = clock.NowMs + request.MaxWaitMs;
        var waiter = context.New<FetchWaiter>();
        while (true)
        {
            waiter.Begin(request.MinBytes - bytes, request.IsolationLevel == 1);
            foreach (var target in targets)
            {
                target.Partition?.Waiters.Add(waiter);
            }

            try
            {
                // Between the first look and the entry in the lists something may have come.
                var pass = new FetchPass(request, session is not null, options.FetchMaxBytes, context, metrics);
                var response = pass.Read(targets);
                var left = deadline - clock.NowMs;
                if (pass.IsSatisfied || left <= 0 || context.Aborted.IsCancellationRequested)
                {
                    return Finish(request, response, targets, session, byTopicId);
                }

                bytes = pass.Bytes;
                timers.Add(waiter, left);
                await waiter.WaitAsync(context.Aborted).ConfigureAwait(false);
            }
            finally
            {
                timers.Cancel(waiter);
                foreach (var target in targets)
                {
                    target.Partition?.Waiters.Remove(waiter);
                }
            }

            finder.Resolve(context, targets, byTopicId);
        }
    }

    private FetchResponse Finish(
        FetchRequest request, FetchResponse response, List<FetchTarget> targets, FetchSession? session, bool byTopicId)
    {
        if (session is not null)
        {
            session.OnSent();
            sessions.Return(session);
            response.SessionId = session.Targets.Count == 0 ? 0 : session.Id;
        }
        else if (FetchSessionCache.WantsSession(request))
        {
            response.SessionId = sessions.Create(targets, byTopicId);
        }

        return response;
    }
}
