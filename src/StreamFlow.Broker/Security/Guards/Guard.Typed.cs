using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Security.Guards;

/// <summary>A guard with the types of its API, put together from checks.</summary>
internal sealed class Guard<TRequest, TResponse> : Guard
    where TRequest : class, IRequest<TResponse>, new()
    where TResponse : class, IResponse
{
    private readonly List<Func<RequestContext, TRequest, TResponse?>> _wholes = [];
    private readonly List<Func<RequestContext, TRequest, Action<TResponse>?>> _parts = [];
    private readonly List<Action<RequestContext, TRequest, TResponse>> _afters = [];

    public override ApiKey For { get; } = new TRequest().ApiKey;

    /// <summary>Looks at the request; a response refuses it as a whole.</summary>
    public Guard<TRequest, TResponse> Whole(Func<RequestContext, TRequest, TResponse?> refuse)
    {
        _wholes.Add(refuse);
        return this;
    }

    /// <summary>Looks at the parts of the request, and takes those out that are not allowed.</summary>
    /// <param name="parts">The list of the parts; null for none.</param>
    /// <param name="isAllowed">Whether the handler may have a part.</param>
    /// <param name="answer">Answers for a part that was taken out.</param>
    public Guard<TRequest, TResponse> Parts<TPart>(
        Func<TRequest, List<TPart>?> parts, Func<RequestContext, TPart, bool> isAllowed, Action<TResponse, TPart> answer)
    {
        _parts.Add((context, request) =>
        {
            List<TPart>? refused = null;
            parts(request)?.RemoveAll(part =>
            {
                if (isAllowed(context, part))
                {
                    return false;
                }

                (refused ??= []).Add(part);
                return true;
            });
            return refused is null ? null : response => refused.ForEach(p => answer(response, p));
        });
        return this;
    }

    /// <summary>Looks at the response before it is sent.</summary>
    public Guard<TRequest, TResponse> After(Action<RequestContext, TRequest, TResponse> change)
    {
        _afters.Add(change);
        return this;
    }

    protected override ValueTask<IResponse?> CheckAsync(RequestContext context, IRequest request)
    {
        var typed = (TRequest)request;
        foreach (var whole in _wholes)
        {
            if (whole(context, typed) is { } refusal)
            {
                if (request is not ProduceRequest { Acks: 0 })
                {
                    return new(refusal);
                }

                // A request that wants no answer can be told of a refusal in this way only.
                context.MustClose = true;
                return default;
            }
        }

        List<Action<TResponse>>? answers = null;
        foreach (var part in _parts)
        {
            if (part(context, typed) is { } answer)
            {
                (answers ??= []).Add(answer);
            }
        }

        return answers is null && _afters.Count == 0 ? Inner.HandleAsync(context, request) : PassOnAsync(context, typed, answers ?? []);
    }

    private async ValueTask<IResponse?> PassOnAsync(RequestContext context, TRequest request, List<Action<TResponse>> answers)
    {
        if (await Inner.HandleAsync(context, request).ConfigureAwait(false) is not TResponse response)
        {
            context.MustClose |= answers.Count > 0;
            return null;
        }

        answers.ForEach(a => a(response));
        _afters.ForEach(a => a(context, request, response));
        return response;
    }
}
