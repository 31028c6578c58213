import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads records of topic "t" as a member of share group "g" (KIP-932), by the number and not by the batch (KIP-1206).
 * Arguments: bootstrap servers, how many records, and what to do with them: accept, release, or hold until killed.
 * Says what it got, a line a record, such as "a-3 #1" with the delivery count, and then what it did.
 */
public final class ShareGroup {
    public static void main(String[] args) throws Exception {
        var count = Integer.parseInt(args[1]);
        var config = new Properties();
        config.putAll(Map.of(
            "bootstrap.servers", args[0],
            "group.id", "g",
            "share.acknowledgement.mode", "explicit",
            "share.acquire.mode", "record_limit",
            "max.poll.records", args[1]));
        try (var consumer = new KafkaShareConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of("t"));
            for (var got = 0; got < count;) {
                var records = consumer.poll(Duration.ofSeconds(1));
                for (var record : records) {
                    System.out.println(record.value() + " #" + record.deliveryCount().get());
                    got++;
                }

                if (args[2].equals("hold") && got > 0) {
                    System.out.println("holding");
                    Thread.sleep(Long.MAX_VALUE);
                }

                records.forEach(r -> consumer.acknowledge(
                    r, args[2].equals("accept") ? AcknowledgeType.ACCEPT : AcknowledgeType.RELEASE));
                for (var outcome : consumer.commitSync().values()) {
                    if (outcome.isPresent()) {
                        throw outcome.get();
                    }
                }
            }
        }

        System.out.println("done");
    }
}
