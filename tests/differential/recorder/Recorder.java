import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.errors.LogAndContinueExceptionHandler;
import org.apache.kafka.streams.errors.LogAndContinueProcessingExceptionHandler;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.*;
import org.apache.kafka.streams.test.TestRecord;

/**
 * Runs the events of case files through Kafka Streams' TopologyTestDriver and writes the files again with what came out.
 * Usage: java Recorder IN_DIR OUT_DIR. A case that Kafka Streams itself refuses to build is left out, with a line on stderr.
 */
public final class Recorder {
    private Recorder() {
    }

    public static void main(String[] args) throws IOException {
        Path from = Path.of(args[0]);
        Path to = Path.of(args[1]);
        List<Path> files;
        try (Stream<Path> found = Files.walk(from)) {
            files = found.filter(f -> f.toString().endsWith(".json")).sorted().toList();
        }
        int recorded = 0;
        for (Path file : files) {
            ObjectNode oneCase = (ObjectNode) Types.JSON.readTree(file.toFile());
            try {
                for (JsonNode run : oneCase.get("runs")) {
                    record(oneCase, (ObjectNode) run);
                }
            } catch (RuntimeException e) {
                System.err.println("refused: " + file + ": " + e);
                continue;
            }
            Path target = to.resolve(from.relativize(file));
            Files.createDirectories(target.getParent());
            Types.JSON.writeValue(target.toFile(), oneCase);
            recorded++;
        }
        System.out.println(recorded + " of " + files.size() + " cases recorded");
    }

    private static void record(JsonNode oneCase, ObjectNode run) throws IOException {
        Path directory = Files.createTempDirectory("recorder");
        Properties config = config(oneCase.get("config"), directory);
        Topology topology = TopologyReader.read(oneCase, config);
        try (TopologyTestDriver driver = new TopologyTestDriver(topology, config, Instant.ofEpochMilli(0))) {
            run.put("end", "ok");
            ArrayNode events = (ArrayNode) run.get("events");
            for (int i = 0; i < events.size(); i++) {
                ObjectNode event = (ObjectNode) events.get(i);
                String error = send(driver, oneCase.get("topics"), event);
                collect(driver, oneCase.get("topics"), event);
                if (error != null) {
                    run.set("end", Types.JSON.createObjectNode().put("event", i).put("error", error));
                    while (events.size() > i + 1) {
                        events.remove(i + 1);
                    }
                    break;
                }
            }
            run.set("stores", stores(driver, oneCase, events));
            run.put("dropped", dropped(driver));
        } finally {
            delete(directory);
        }
    }

    private static Properties config(JsonNode config, Path directory) {
        Properties p = new Properties();
        p.put(StreamsConfig.APPLICATION_ID_CONFIG, "app");
        p.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:1");
        p.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        p.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
        p.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
        p.put("statestore.cache.max.bytes", "0");
        if (config.path("optimization").asText().equals("all")) {
            p.put(StreamsConfig.TOPOLOGY_OPTIMIZATION_CONFIG, StreamsConfig.OPTIMIZE);
        }
        if (config.path("deserialization").asText().equals("continue")) {
            p.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, LogAndContinueExceptionHandler.class);
        }
        if (config.path("processing").asText().equals("continue")) {
            p.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, LogAndContinueProcessingExceptionHandler.class);
        }
        long interval = config.path("emitInterval").asLong(0);
        p.put(StreamsConfig.InternalConfig.EMIT_INTERVAL_MS_KSTREAMS_WINDOWED_AGGREGATION, interval);
        p.put(StreamsConfig.InternalConfig.EMIT_INTERVAL_MS_KSTREAMS_OUTER_JOIN_SPURIOUS_RESULTS_FIX, interval);
        return p;
    }

    private static String send(TopologyTestDriver driver, JsonNode topics, ObjectNode event) {
        try {
            if (event.has("wallClock")) {
                driver.advanceWallClockTime(Duration.ofMillis(event.get("wallClock").asLong()));
                return null;
            }
            String topic = event.get("topic").asText();
            RecordHeaders headers = new RecordHeaders();
            event.path("headers").forEach(h -> headers.add(h.get(0).asText(), h.get(1).asText().getBytes(StandardCharsets.UTF_8)));
            byte[] key = bytes(topic, topics.get(topic).get("key"), event, "key", "rawKey");
            byte[] value = bytes(topic, topics.get(topic).get("value"), event, "value", "rawValue");
            driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(key, value, headers, event.get("ts").asLong()));
            return null;
        } catch (RuntimeException e) {
            return e.toString().contains("eserializ") ? "deserialization" : "processing";
        }
    }

    private static byte[] bytes(String topic, JsonNode type, JsonNode event, String field, String raw) {
        if (event.has(raw)) {
            return HexFormat.of().parseHex(event.get(raw).asText());
        }
        Object x = Types.read(type, event.get(field));
        return x == null ? null : Types.serde(type).serializer().serialize(topic, x);
    }

    private static void collect(TopologyTestDriver driver, JsonNode topics, ObjectNode event) {
        event.remove("out");
        ObjectNode out = Types.JSON.createObjectNode();
        for (String topic : new TreeSet<>(driver.producedTopicNames())) {
            JsonNode types = topics.get(topic);
            if (types == null) {
                continue;
            }
            Serde<Object> key = Types.serde(types.get("key"));
            Serde<Object> value = Types.serde(types.get("value"));
            var reader = driver.createOutputTopic(topic, key.deserializer(), value.deserializer());
            ArrayNode records = Types.JSON.createArrayNode();
            while (!reader.isEmpty()) {
                TestRecord<Object, Object> r = reader.readRecord();
                ArrayNode row = records.addArray().add(Types.write(r.key())).add(Types.write(r.value())).add(r.timestamp());
                if (r.headers().toArray().length > 0) {
                    ArrayNode headers = row.addArray();
                    for (Header h : r.headers()) {
                        headers.addArray().add(h.key()).add(new String(h.value(), StandardCharsets.UTF_8));
                    }
                }
            }
            if (!records.isEmpty()) {
                out.set(topic, records);
            }
        }
        if (!out.isEmpty()) {
            event.set("out", out);
        }
    }

    private static ObjectNode stores(TopologyTestDriver driver, JsonNode oneCase, JsonNode events) {
        ObjectNode all = Types.JSON.createObjectNode();
        for (JsonNode op : oneCase.get("topology")) {
            String name = op.has("store") ? op.get("store").asText() : op.get("op").asText().equals("store") ? op.get("name").asText() : null;
            StateStore store = name == null ? null : driver.getAllStateStores().get(name);
            if (store != null && !all.has(name)) {
                all.set(name, rows(store, op, oneCase, events));
            }
        }
        return all;
    }

    @SuppressWarnings("unchecked")
    private static ObjectNode rows(StateStore store, JsonNode op, JsonNode oneCase, JsonNode events) {
        List<ArrayNode> rows = new ArrayList<>();
        String kind;
        if (store instanceof VersionedKeyValueStore<?, ?>) {
            kind = "versioned";
            versions((VersionedKeyValueStore<Object, Object>) store, op.get("topic").asText(), oneCase, events, rows);
        } else if (store instanceof TimestampedKeyValueStore<?, ?> s) {
            kind = "timestampedKeyValue";
            each(((TimestampedKeyValueStore<Object, Object>) s).all(), r -> rows.add(row(r.key, r.value.value()).add(r.value.timestamp())));
        } else if (store instanceof KeyValueStore<?, ?> s) {
            kind = "keyValue";
            each(((KeyValueStore<Object, Object>) s).all(), r -> rows.add(row(r.key, r.value)));
        } else if (store instanceof TimestampedWindowStore<?, ?> s) {
            kind = "timestampedWindow";
            each(((TimestampedWindowStore<Object, Object>) s).all(),
                r -> rows.add(windowRow(r.key, r.value.value()).add(r.value.timestamp())));
        } else if (store instanceof WindowStore<?, ?> s) {
            kind = "window";
            each(((WindowStore<Object, Object>) s).all(), r -> rows.add(windowRow(r.key, r.value)));
        } else {
            kind = "session";
            SessionStore<Object, Object> s = (SessionStore<Object, Object>) store;
            each(s.fetch(null, null), r -> rows.add(sessionRow(r.key, r.value)));
        }
        rows.sort(Comparator.comparing(ArrayNode::toString));
        ObjectNode node = Types.JSON.createObjectNode().put("kind", kind);
        node.putArray("rows").addAll(rows);
        return node;
    }

    private static void versions(
        VersionedKeyValueStore<Object, Object> store, String topic, JsonNode oneCase, JsonNode events, List<ArrayNode> rows) {
        Set<Object> keys = new LinkedHashSet<>();
        Set<Long> times = new TreeSet<>();
        for (JsonNode event : events) {
            if (event.path("topic").asText().equals(topic)) {
                times.add(event.get("ts").asLong());
                Object key = Types.read(oneCase.get("topics").get(topic).get("key"), event.get("key"));
                if (key != null) {
                    keys.add(key);
                }
            }
        }
        for (Object key : keys) {
            VersionedRecord<Object> latest = store.get(key);
            ArrayNode row = Types.JSON.createArrayNode().add(Types.write(key)).add("latest");
            rows.add(latest == null ? row.addNull() : row.add(Types.write(latest.value())).add(latest.timestamp()));
            for (long time : times) {
                VersionedRecord<Object> found = store.get(key, time);
                if (found != null) {
                    rows.add(Types.JSON.createArrayNode().add(Types.write(key)).add(time)
                        .add(Types.write(found.value())).add(found.timestamp()));
                }
            }
        }
    }

    private static <K, V> void each(KeyValueIterator<K, V> rows, java.util.function.Consumer<KeyValue<K, V>> action) {
        try (rows) {
            rows.forEachRemaining(action);
        }
    }

    private static ArrayNode row(Object key, Object value) {
        return Types.JSON.createArrayNode().add(Types.write(key)).add(Types.write(value));
    }

    private static ArrayNode windowRow(Windowed<Object> key, Object value) {
        return Types.JSON.createArrayNode().add(Types.write(key.key())).add(key.window().start()).add(Types.write(value));
    }

    private static ArrayNode sessionRow(Windowed<Object> key, Object value) {
        return Types.JSON.createArrayNode()
            .add(Types.write(key.key())).add(key.window().start()).add(key.window().end()).add(Types.write(value));
    }

    private static long dropped(TopologyTestDriver driver) {
        return driver.metrics().values().stream()
            .filter(m -> m.metricName().name().equals("dropped-records-total"))
            .mapToLong(m -> ((Number) m.metricValue()).longValue()).sum();
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
