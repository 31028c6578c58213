using StreamFlow.Core.Serialization;

namespace StreamFlow.Streams.Processors.ForeignKeys;

/// <summary>A topic's name with a suffix, made once: what a serde is told when it writes a part of a message. Immutable.</summary>
internal sealed class PseudoTopic(string topic, string suffix)
{
    private readonly string _name = topic + suffix;

    /// <summary>The context of the part; remembers the name for the next call.</summary>
    public static SerdeContext ContextOf(ref PseudoTopic topic, in SerdeContext context)
    {
        var current = topic;
        if (!ReferenceEquals(current.Topic, context.Topic))
        {
            topic = current = new PseudoTopic(context.Topic, current.Suffix);
        }

        return new SerdeContext(current._name, SerdeTarget.Key, context.Headers);
    }

    private string Topic { get; } = topic;

    private string Suffix { get; } = suffix;
}
