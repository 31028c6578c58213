import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Counts the words of topic "in" into topic "out" as a member of a streams group (KIP-1071), through a repartition topic and with a state.
 * Arguments: bootstrap servers, application id, state directory. Says what state it is in, a line each; ends when its input does.
 */
public final class StreamsGroup {
    public static void main(String[] args) throws Exception {
        var config = new Properties();
        config.putAll(Map.of(
            StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, args[0],
            StreamsConfig.APPLICATION_ID_CONFIG, args[1],
            StreamsConfig.STATE_DIR_CONFIG, args[2],
            StreamsConfig.GROUP_PROTOCOL_CONFIG, "streams",
            StreamsConfig.APPLICATION_SERVER_CONFIG, "127.0.0.1:" + (1024 + Math.floorMod(args[2].hashCode(), 60000)),
            StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100,
            StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class,
            StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.StringSerde.class));
        config.put("auto.offset.reset", "earliest");
        var builder = new StreamsBuilder();
        builder.<String, String>stream("in").groupBy((key, word) -> word).count().toStream()
            .map((word, count) -> KeyValue.pair(word, word + " " + count)).to("out");
        var streams = new KafkaStreams(builder.build(), config);
        streams.setStateListener((next, old) -> System.out.println(next));
        streams.setUncaughtExceptionHandler(error -> {
            error.printStackTrace();
            return org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.start();
        while (System.in.read() != -1) {
        }
        streams.close();
    }
}
