namespace StreamFlow.Streams.Topologies;

/// <summary>The names of the parts of a foreign-key join.</summary>
/// <param name="Registration">The topic of subscriptions, its sink and source.</param>
/// <param name="Send">Makes subscriptions of left changes.</param>
/// <param name="Store">The subscriptions.</param>
/// <param name="Receive">Keeps subscriptions.</param>
/// <param name="Answer">Answers subscriptions.</param>
/// <param name="Tell">Tells right changes to subscribers.</param>
/// <param name="Response">The topic of answers, its sink and source.</param>
/// <param name="Resolve">Joins answers with left rows.</param>
/// <param name="Result">Emits the result.</param>
internal sealed record ForeignKeyJoinNames(
    RepartitionNames Registration,
    string Send,
    string Store,
    string Receive,
    string Answer,
    string Tell,
    RepartitionNames Response,
    string Resolve,
    string Result)
{
    private const string TopicSuffix = "-topic";

    /// <summary>Takes all names, in Kafka Streams' order.</summary>
    /// <param name="names">Gives the names.</param>
    /// <param name="given">The user's name; null to generate them.</param>
    /// <param name="left">The node of the left table.</param>
    /// <param name="right">The node of the right table.</param>
    public static ForeignKeyJoinNames Take(NodeNames names, string? given, string left, string right)
    {
        string Name(OperatorKind kind, string suffix) => names.Node(kind, given is null ? null : given + suffix, left, right);

        var topic = Name(OperatorKind.ForeignRegistration, "-subscription-registration") + TopicSuffix;
        var send = Name(OperatorKind.ForeignRegistration, "-subscription-registration-processor");
        var sink = Name(OperatorKind.TableSink, "-subscription-registration-sink");
        var source = Name(OperatorKind.TableSource, "-subscription-registration-source");
        var store = names.Store(OperatorKind.ForeignStore, given is null ? null : given + "-subscription-store", left, right);
        if (given is not null)
        {
            names.Burn();
        }

        var receive = Name(OperatorKind.ForeignSubscription, "-subscription-receive");
        var answer = Name(OperatorKind.ForeignSubscription, "-subscription-join-foreign");
        var tell = Name(OperatorKind.ForeignSubscription, "-foreign-join-subscription");
        var response = Name(OperatorKind.ForeignResponse, "-subscription-response") + TopicSuffix;
        var responseSink = Name(OperatorKind.TableSink, "-subscription-response-sink");
        var responseSource = Name(OperatorKind.TableSource, "-subscription-response-source");
        var resolve = Name(OperatorKind.ForeignResolver, "-subscription-response-resolver");
        var result = Name(OperatorKind.ForeignOutput, "-result");
        if (given is null)
        {
            names.GeneratedResources.AddRange([topic, response]);
        }

        return new(
            new(topic, sink, string.Empty, source),
            send,
            store,
            receive,
            answer,
            tell,
            new(response, responseSink, string.Empty, responseSource),
            resolve,
            result);
    }
}
