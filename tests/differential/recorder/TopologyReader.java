import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.*;
import org.apache.kafka.streams.kstream.internals.NamedInternal;
import org.apache.kafka.streams.processor.LogAndSkipOnInvalidTimestamp;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorSupplier;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** Builds the topology of a case with Kafka Streams' DSL. Results are looked up by their id; what an operation means follows from its input. */
@SuppressWarnings({"unchecked", "rawtypes"})
final class TopologyReader {
    private final JsonNode topics;
    private final StreamsBuilder builder = new StreamsBuilder();
    private final Map<String, Object> results = new HashMap<>();

    private TopologyReader(JsonNode topics) {
        this.topics = topics;
    }

    static Topology read(JsonNode oneCase, java.util.Properties config) {
        TopologyReader reader = new TopologyReader(oneCase.get("topics"));
        for (JsonNode op : oneCase.get("topology")) {
            Object result = reader.apply(op);
            if (result != null && op.has("id")) {
                reader.results.put(op.get("id").asText(), result);
            }
        }
        return reader.builder.build(config);
    }

    private Object apply(JsonNode op) {
        return switch (op.get("op").asText()) {
            case "stream" -> stream(op);
            case "table" -> builder.table(op.get("topic").asText(), consumed(op, op.get("topic").asText()), sourceStore(op));
            case "globalTable" -> op.has("store")
                ? builder.globalTable(op.get("topic").asText(), consumed(op, op.get("topic").asText()), Materialized.as(op.get("store").asText()))
                : builder.globalTable(op.get("topic").asText(), consumed(op, op.get("topic").asText()));
            case "globalStore" -> globalStore(op);
            case "store" -> builder.addStateStore(storeBuilder(op));
            case "filter", "filterNot" -> filter(op);
            case "map" -> stream(op, "in").map((k, v) -> KeyValue.pair(value(op, "key", k, v), value(op, "value", k, v)), named(op));
            case "mapValues" -> mapValues(op);
            case "selectKey" -> stream(op, "in").selectKey((k, v) -> value(op, "key", k, v), named(op));
            case "flatMap" -> flatMap(op);
            case "flatMapValues" -> stream(op, "in").flatMapValues((k, v) -> items(value(op, "each", k, v)), named(op));
            case "peek" -> stream(op, "in").peek((k, v) -> { }, named(op));
            case "foreach" -> {
                stream(op, "in").foreach((k, v) -> { }, named(op));
                yield null;
            }
            case "split" -> split(op);
            case "merge" -> merge(op);
            case "repartition" -> stream(op, "in").repartition(repartitioned(op));
            case "to" -> to(op);
            case "toTable" -> stream(op, "in").toTable(named(op), materialized(op));
            case "process" -> process(op);
            case "processValues" -> processValues(op);
            case "groupByKey" -> inheritsTypes(op) ? stream(op, "in").groupByKey() : stream(op, "in").groupByKey(grouped(op));
            case "groupBy" -> groupBy(op);
            case "windowedBy" -> windowed(in(op), op.get("window"), op.path("emit").asText().equals("close"));
            case "count" -> count(op);
            case "reduce" -> reduce(op);
            case "aggregate" -> aggregate(op);
            case "cogroup" -> cogroup(op);
            case "toStream" -> op.has("key")
                ? table(op, "in").toStream((k, v) -> value(op, "key", k, v), named(op))
                : table(op, "in").toStream(named(op));
            case "suppress" -> table(op, "in").suppress(suppressed(op));
            case "join" -> join(op);
            default -> throw new IllegalArgumentException("unknown operation " + op);
        };
    }

    private Object in(JsonNode op) {
        return results.get(op.get("in").asText());
    }

    private KStream<Object, Object> stream(JsonNode op, String field) {
        return (KStream<Object, Object>) results.get(op.get(field).asText());
    }

    private KTable<Object, Object> table(JsonNode op, String field) {
        return (KTable<Object, Object>) results.get(op.get(field).asText());
    }

    private static Object value(JsonNode op, String field, Object key, Object value) {
        return new Expression(op.get(field).asText()).apply(key, value);
    }

    private static Iterable<Object> items(Object list) {
        return list == null ? List.of() : (List<Object>) list;
    }

    private static Named named(JsonNode op) {
        return op.has("name") ? Named.as(op.get("name").asText()) : NamedInternal.empty();
    }

    private static String name(JsonNode op) {
        return op.has("name") ? op.get("name").asText() : null;
    }

    private static String[] names(JsonNode list) {
        List<String> names = new ArrayList<>();
        if (list != null) {
            list.forEach(n -> names.add(n.asText()));
        }
        return names.toArray(String[]::new);
    }

    private Consumed consumed(JsonNode op, String typesOf) {
        JsonNode types = topics.get(typesOf);
        Consumed consumed = Consumed.with(Types.serde(types.get("key")), Types.serde(types.get("value")));
        if (op.has("name")) {
            consumed = consumed.withName(op.get("name").asText());
        }
        if (!op.has("timestamp")) {
            return consumed;
        }
        String timestamp = op.get("timestamp").asText();
        if (timestamp.equals("log-and-skip")) {
            return consumed.withTimestampExtractor(new LogAndSkipOnInvalidTimestamp());
        }
        Expression time = new Expression(timestamp);
        return consumed.withTimestampExtractor((TimestampExtractor) (record, partitionTime) -> {
            Object t = time.apply(record.key(), record.value());
            return t == null ? -1 : Values.num(t);
        });
    }

    private KStream<Object, Object> stream(JsonNode op) {
        if (op.has("pattern")) {
            return builder.stream(Pattern.compile(op.get("pattern").asText()), consumed(op, op.get("like").asText()));
        }
        List<String> names = List.of(names(op.get("topics")));
        return builder.stream(names, consumed(op, names.get(0)));
    }

    private static Materialized sourceStore(JsonNode op) {
        if (op.has("historyRetention")) {
            return Materialized.as(Stores.persistentVersionedKeyValueStore(
                op.get("store").asText(), Duration.ofMillis(op.get("historyRetention").asLong())));
        }
        return materialized(op);
    }

    private static Materialized materialized(JsonNode op) {
        Materialized m = op.has("store") ? Materialized.as(op.get("store").asText()) : Materialized.with(null, null);
        if (op.has("keySerde")) {
            m = m.withKeySerde(Types.serde(op.get("keySerde")));
        }
        if (op.has("valueSerde")) {
            m = m.withValueSerde(Types.serde(op.get("valueSerde")));
        }
        return op.has("retention") ? m.withRetention(Duration.ofMillis(op.get("retention").asLong())) : m;
    }

    private static boolean keepsStore(JsonNode op) {
        return op.has("store") || op.has("keySerde") || op.has("valueSerde");
    }

    /** Kafka Streams inherits serdes only where no Grouped is given at all. */
    private static boolean inheritsTypes(JsonNode op) {
        return !op.has("name") && !op.has("keySerde") && !op.has("valueSerde");
    }

    private static Grouped grouped(JsonNode op) {
        return Grouped.with(name(op), Types.serde(op.get("keySerde")), Types.serde(op.get("valueSerde")));
    }

    private static Repartitioned repartitioned(JsonNode op) {
        Repartitioned r = Repartitioned.with(Types.serde(op.get("keySerde")), Types.serde(op.get("valueSerde")));
        return op.has("name") ? r.withName(op.get("name").asText()) : r;
    }

    private Object globalStore(JsonNode op) {
        String store = op.get("store").asText();
        String topic = op.get("topic").asText();
        JsonNode types = topics.get(topic);
        StoreBuilder stores = Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(store), Types.serde(types.get("key")), Types.serde(types.get("value"))).withLoggingDisabled();
        builder.addGlobalStore(stores, topic, consumed(op, topic), () -> new ContextualProcessor<Object, Object, Void, Void>() {
            @Override
            public void process(Record<Object, Object> r) {
                if (r.key() != null) {
                    ((KeyValueStore<Object, Object>) context().getStateStore(store)).put(r.key(), r.value());
                }
            }
        });
        return null;
    }

    private static StoreBuilder<? extends StateStore> storeBuilder(JsonNode op) {
        String name = op.get("name").asText();
        Serde<Object> key = Types.serde(op.get("keySerde"));
        Serde<Object> value = Types.serde(op.get("valueSerde"));
        return switch (op.get("kind").asText()) {
            case "keyValue" -> Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), key, value);
            case "timestampedKeyValue" ->
                Stores.timestampedKeyValueStoreBuilder(Stores.persistentTimestampedKeyValueStore(name), key, value);
            case "window" -> Stores.windowStoreBuilder(Stores.persistentWindowStore(
                name, Duration.ofMillis(op.get("retention").asLong()), Duration.ofMillis(op.get("size").asLong()), false), key, value);
            case "session" -> Stores.sessionStoreBuilder(
                Stores.persistentSessionStore(name, Duration.ofMillis(op.get("retention").asLong())), key, value);
            default -> throw new IllegalArgumentException("unknown kind " + op);
        };
    }

    private Object filter(JsonNode op) {
        Expression pred = new Expression(op.get("pred").asText());
        Predicate<Object, Object> test = pred::test;
        boolean not = op.get("op").asText().equals("filterNot");
        if (in(op) instanceof KStream s) {
            return not ? s.filterNot(test, named(op)) : s.filter(test, named(op));
        }
        KTable<Object, Object> t = table(op, "in");
        if (keepsStore(op)) {
            return not ? t.filterNot(test, named(op), materialized(op)) : t.filter(test, named(op), materialized(op));
        }
        return not ? t.filterNot(test, named(op)) : t.filter(test, named(op));
    }

    private Object mapValues(JsonNode op) {
        Expression e = new Expression(op.get("value").asText());
        ValueMapperWithKey<Object, Object, Object> map = e::apply;
        if (in(op) instanceof KStream s) {
            return s.mapValues(map, named(op));
        }
        return keepsStore(op) ? table(op, "in").mapValues(map, named(op), materialized(op)) : table(op, "in").mapValues(map, named(op));
    }

    private Object flatMap(JsonNode op) {
        return stream(op, "in").flatMap((k, v) -> {
            List<KeyValue<Object, Object>> all = new ArrayList<>();
            for (Object item : items(value(op, "each", k, v))) {
                all.add(KeyValue.pair(value(op, "key", k, item), value(op, "value", k, item)));
            }
            return all;
        }, named(op));
    }

    private Object split(JsonNode op) {
        BranchedKStream<Object, Object> split = op.has("name") ? stream(op, "in").split(named(op)) : stream(op, "in").split();
        for (JsonNode branch : op.get("branches")) {
            Expression pred = new Expression(branch.get("pred").asText());
            split = split.branch(pred::test, branched(branch));
        }
        if (op.has("default")) {
            split.defaultBranch(branched(op.get("default")));
        } else {
            split.noDefaultBranch();
        }
        return null;
    }

    private Branched<Object, Object> branched(JsonNode branch) {
        String id = branch.get("id").asText();
        java.util.function.Consumer<KStream<Object, Object>> keep = s -> results.put(id, s);
        return branch.has("name") ? Branched.withConsumer(keep, branch.get("name").asText()) : Branched.withConsumer(keep);
    }

    private Object merge(JsonNode op) {
        KStream<Object, Object> merged = null;
        for (JsonNode id : op.get("in")) {
            KStream<Object, Object> next = (KStream<Object, Object>) results.get(id.asText());
            merged = merged == null ? next : merged.merge(next, named(op));
        }
        return merged;
    }

    private Object to(JsonNode op) {
        JsonNode types = topics.get(op.has("topic") ? op.get("topic").asText() : op.get("like").asText());
        Produced<Object, Object> produced = Produced.with(Types.serde(types.get("key")), Types.serde(types.get("value")));
        if (op.has("name")) {
            produced = produced.withName(op.get("name").asText());
        }
        if (op.has("topic")) {
            stream(op, "in").to(op.get("topic").asText(), produced);
        } else {
            stream(op, "in").to((k, v, context) -> Values.text(value(op, "topicFrom", k, v)), produced);
        }
        return null;
    }

    private Object process(JsonNode op) {
        JsonNode args = op.has("args") ? op.get("args") : Types.JSON.createObjectNode();
        ProcessorSupplier<Object, Object, Object, Object> supplier =
            () -> Processors.create(op.get("processor").asText(), args, op.get("stores"));
        return op.has("name")
            ? stream(op, "in").process(supplier, named(op), names(op.get("stores")))
            : stream(op, "in").process(supplier, names(op.get("stores")));
    }

    private Object processValues(JsonNode op) {
        FixedKeyProcessorSupplier<Object, Object, Object> supplier =
            () -> Processors.createFixedKey(op.get("processor").asText(), op.get("stores"));
        return op.has("name")
            ? stream(op, "in").processValues(supplier, named(op), names(op.get("stores")))
            : stream(op, "in").processValues(supplier, names(op.get("stores")));
    }

    private Object groupBy(JsonNode op) {
        if (in(op) instanceof KStream s) {
            KeyValueMapper<Object, Object, Object> key = (k, v) -> value(op, "key", k, v);
            return inheritsTypes(op) ? s.groupBy(key) : s.groupBy(key, grouped(op));
        }
        return table(op, "in").groupBy((k, v) -> KeyValue.pair(value(op, "key", k, v), value(op, "value", k, v)), grouped(op));
    }

    private static Object windowed(Object grouped, JsonNode window, boolean onClose) {
        Duration grace = Duration.ofMillis(window.path("grace").asLong());
        EmitStrategy emit = onClose ? EmitStrategy.onWindowClose() : EmitStrategy.onWindowUpdate();
        boolean isCogroup = grouped instanceof CogroupedKStream;
        switch (window.get("kind").asText()) {
            case "time":
                TimeWindows time = TimeWindows.ofSizeAndGrace(Duration.ofMillis(window.get("size").asLong()), grace);
                time = window.has("advance") ? time.advanceBy(Duration.ofMillis(window.get("advance").asLong())) : time;
                return isCogroup ? ((CogroupedKStream) grouped).windowedBy(time) : ((KGroupedStream) grouped).windowedBy(time).emitStrategy(emit);
            case "sliding":
                SlidingWindows sliding =
                    SlidingWindows.ofTimeDifferenceAndGrace(Duration.ofMillis(window.get("difference").asLong()), grace);
                return isCogroup
                    ? ((CogroupedKStream) grouped).windowedBy(sliding) : ((KGroupedStream) grouped).windowedBy(sliding).emitStrategy(emit);
            case "session":
                SessionWindows session = SessionWindows.ofInactivityGapAndGrace(Duration.ofMillis(window.get("gap").asLong()), grace);
                return isCogroup
                    ? ((CogroupedKStream) grouped).windowedBy(session) : ((KGroupedStream) grouped).windowedBy(session).emitStrategy(emit);
            default:
                return ((KGroupedStream) grouped).windowedBy(UnlimitedWindows.of().startOn(java.time.Instant.ofEpochMilli(window.get("start").asLong())));
        }
    }

    private Object count(JsonNode op) {
        Object in = in(op);
        Materialized m = materialized(op);
        if (in instanceof KGroupedStream g) {
            return g.count(named(op), m);
        }
        if (in instanceof KGroupedTable g) {
            return g.count(named(op), m);
        }
        return in instanceof TimeWindowedKStream w ? w.count(named(op), m) : ((SessionWindowedKStream) in).count(named(op), m);
    }

    private Object reduce(JsonNode op) {
        Object in = in(op);
        Reducer<Object> add = Folds.reducer(op.get("reducer").asText());
        Materialized m = materialized(op);
        if (in instanceof KGroupedStream g) {
            return g.reduce(add, named(op), m);
        }
        if (in instanceof KGroupedTable g) {
            return g.reduce(add, Folds.reducer(op.get("subtractor").asText()), named(op), m);
        }
        return in instanceof TimeWindowedKStream w ? w.reduce(add, named(op), m) : ((SessionWindowedKStream) in).reduce(add, named(op), m);
    }

    private Object aggregate(JsonNode op) {
        Object in = in(op);
        Initializer<Object> init = Folds.initial(op.get("init").asText());
        Aggregator<Object, Object, Object> add = Folds.aggregator(op.get("aggregator").asText());
        Materialized m = materialized(op);
        if (in instanceof KGroupedStream g) {
            return g.aggregate(init, add, named(op), m);
        }
        if (in instanceof KGroupedTable g) {
            return g.aggregate(init, add, Folds.aggregator(op.get("subtractor").asText()), named(op), m);
        }
        return in instanceof TimeWindowedKStream w
            ? w.aggregate(init, add, named(op), m)
            : ((SessionWindowedKStream) in).aggregate(init, add, Folds.merger(op.get("merger").asText()), named(op), m);
    }

    private Object cogroup(JsonNode op) {
        CogroupedKStream cogrouped = null;
        for (JsonNode part : op.get("parts")) {
            KGroupedStream grouped = (KGroupedStream) results.get(part.get("in").asText());
            Aggregator add = Folds.aggregator(part.get("aggregator").asText());
            cogrouped = cogrouped == null ? grouped.cogroup(add) : cogrouped.cogroup(grouped, add);
        }
        Initializer init = Folds.initial(op.get("init").asText());
        Materialized m = materialized(op);
        if (!op.has("window")) {
            return cogrouped.aggregate(init, named(op), m);
        }
        Object windowed = windowed(cogrouped, op.get("window"), false);
        return windowed instanceof TimeWindowedCogroupedKStream w
            ? w.aggregate(init, named(op), m)
            : ((SessionWindowedCogroupedKStream) windowed).aggregate(init, Folds.merger(op.get("merger").asText()), named(op), m);
    }

    private static Suppressed suppressed(JsonNode op) {
        if (op.get("until").asText().equals("window-closes")) {
            Suppressed s = Suppressed.untilWindowCloses(Suppressed.BufferConfig.unbounded());
            return op.has("name") ? s.withName(op.get("name").asText()) : s;
        }
        Suppressed.BufferConfig buffer = Suppressed.BufferConfig.unbounded();
        if (op.has("maxRecords") || op.has("maxBytes")) {
            Suppressed.EagerBufferConfig limited = op.has("maxRecords")
                ? Suppressed.BufferConfig.maxRecords(op.get("maxRecords").asLong())
                : Suppressed.BufferConfig.maxBytes(op.get("maxBytes").asLong());
            limited = op.has("maxRecords") && op.has("maxBytes") ? limited.withMaxBytes(op.get("maxBytes").asLong()) : limited;
            buffer = op.path("whenFull").asText("emit").equals("fail") ? limited.shutDownWhenFull() : limited.emitEarlyWhenFull();
        }
        Suppressed s = Suppressed.untilTimeLimit(Duration.ofMillis(op.get("ms").asLong()), buffer);
        return op.has("name") ? s.withName(op.get("name").asText()) : s;
    }

    private Object join(JsonNode op) {
        Object left = results.get(op.get("left").asText());
        Object right = results.get(op.get("right").asText());
        if (left instanceof KStream l) {
            if (right instanceof KStream r) {
                return joinStreams(op, l, r);
            }
            return right instanceof GlobalKTable g ? joinGlobal(op, l, g) : joinTable(op, l, (KTable) right);
        }
        return op.has("foreignKey") ? joinForeignKey(op, (KTable) left, (KTable) right) : joinTables(op, (KTable) left, (KTable) right);
    }

    private static ValueJoinerWithKey<Object, Object, Object, Object> joiner(JsonNode op) {
        String word = op.get("joiner").asText();
        if (word.equals("key-pair")) {
            return (k, l, r) -> Values.text(k) + ":" + Folds.pair(l, r);
        }
        ValueJoiner<Object, Object, Object> plain = Folds.joiner(word);
        return (k, l, r) -> plain.apply(l, r);
    }

    private static Object joinStreams(JsonNode op, KStream l, KStream r) {
        JsonNode w = op.get("window");
        JoinWindows windows = JoinWindows
            .ofTimeDifferenceAndGrace(Duration.ofMillis(0), Duration.ofMillis(w.get("grace").asLong()))
            .before(Duration.ofMillis(w.get("before").asLong()))
            .after(Duration.ofMillis(w.get("after").asLong()));
        StreamJoined joined = StreamJoined.with(
            Types.serde(op.get("keySerde")), Types.serde(op.get("leftSerde")), Types.serde(op.get("rightSerde")));
        joined = op.has("name") ? joined.withName(op.get("name").asText()) : joined;
        joined = op.has("store") ? joined.withStoreName(op.get("store").asText()) : joined;
        return switch (op.get("type").asText()) {
            case "inner" -> l.join(r, joiner(op), windows, joined);
            case "left" -> l.leftJoin(r, joiner(op), windows, joined);
            default -> l.outerJoin(r, joiner(op), windows, joined);
        };
    }

    private static Object joinTable(JsonNode op, KStream l, KTable r) {
        Joined joined = Joined.with(Types.serde(op.get("keySerde")), Types.serde(op.get("leftSerde")), Types.serde(op.get("rightSerde")));
        joined = op.has("name") ? joined.withName(op.get("name").asText()) : joined;
        joined = op.has("grace") ? joined.withGracePeriod(Duration.ofMillis(op.get("grace").asLong())) : joined;
        return op.get("type").asText().equals("inner") ? l.join(r, joiner(op), joined) : l.leftJoin(r, joiner(op), joined);
    }

    private static Object joinGlobal(JsonNode op, KStream l, GlobalKTable r) {
        KeyValueMapper<Object, Object, Object> key = (k, v) -> value(op, "key", k, v);
        return op.get("type").asText().equals("inner") ? l.join(r, key, joiner(op), named(op)) : l.leftJoin(r, key, joiner(op), named(op));
    }

    private static Object joinTables(JsonNode op, KTable l, KTable r) {
        ValueJoiner<Object, Object, Object> joiner = Folds.joiner(op.get("joiner").asText());
        boolean keeps = keepsStore(op);
        return switch (op.get("type").asText()) {
            case "inner" -> keeps ? l.join(r, joiner, named(op), materialized(op)) : l.join(r, joiner, named(op));
            case "left" -> keeps ? l.leftJoin(r, joiner, named(op), materialized(op)) : l.leftJoin(r, joiner, named(op));
            default -> keeps ? l.outerJoin(r, joiner, named(op), materialized(op)) : l.outerJoin(r, joiner, named(op));
        };
    }

    private static Object joinForeignKey(JsonNode op, KTable l, KTable r) {
        ValueJoiner<Object, Object, Object> joiner = Folds.joiner(op.get("joiner").asText());
        Expression e = new Expression(op.get("foreignKey").asText());
        java.util.function.BiFunction<Object, Object, Object> foreignKey = e::apply;
        TableJoined joined = op.has("name") ? TableJoined.as(op.get("name").asText()) : TableJoined.with(null, null);
        Materialized m = keepsStore(op) ? materialized(op) : Materialized.with(null, null);
        return op.get("type").asText().equals("inner")
            ? l.join(r, foreignKey, joiner, joined, m)
            : l.leftJoin(r, foreignKey, joiner, joined, m);
    }
}
